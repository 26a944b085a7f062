import { describe, expect, it } from 'vitest';
import { batchesFor, type Fleet, heardOf, requestsOf } from '../../src/workflows/fleet.js';
import { openWindow, requestsAllowed, type Sized, windowSize } from '../../src/workflows/window.js';

const fleetOf = (...limits: number[]): Fleet =>
  Object.fromEntries(limits.map((limit, index) => [`w${index}`, [limit, 1000]]));

describe('requests of a fleet', () => {
  it.each([
    ['nobody known yet: one worker that does what the run asks', fleetOf(), 8, 8],
    ['six workers of one request each', fleetOf(1, 1, 1, 1, 1, 1), 8, 6],
    ['four of eight', fleetOf(8, 8, 8, 8), 8, 32],
    ['a run of 32 over four of eight: theirs hold', fleetOf(8, 8, 8, 8), 32, 32],
    ['a run of 2 over four of eight: the run’s holds, in each', fleetOf(8, 8, 8, 8), 2, 8],
    ['unlike workers', fleetOf(1, 4, 80), 16, 21],
  ])('%s', (_, fleet, concurrency, wanted) => {
    expect(requestsOf(fleet, concurrency)).toBe(wanted);
  });

  it('forgets who answered nothing for five minutes, and learns a limit that has changed', () => {
    const fleet = fleetOf(8, 8);
    heardOf(fleet, 'w0', 2, 200_000);
    expect(requestsOf(fleet, 8)).toBe(10);
    heardOf(fleet, 'w0', 2, 302_000);
    expect(fleet).toEqual({ w0: [2, 302_000] });
  });

  it('schedules no more than Temporal takes of a workflow', () => {
    expect(batchesFor(8)).toBe(24);
    expect(batchesFor(5000)).toBeLessThan(2000);
  });
});

describe('the window of a run that knows its fleet', () => {
  const sized = (fleet: Fleet, refusals = 0): Sized => ({
    window: { ...openWindow(8), allowed: 1, refusals },
    fleet,
    request: { concurrency: 8 },
  });

  it('follows the workers, and sends one probe after a 429', () => {
    expect(windowSize(sized(fleetOf(8, 8)))).toBe(48);
    expect(windowSize(sized(fleetOf(8, 8), 1))).toBe(1);
  });

  it('tells each worker what the run asks for: how a 429 narrows that is the worker’s own matter', () => {
    expect(requestsAllowed(sized(fleetOf(8, 8)))).toBe(8);
  });
});
