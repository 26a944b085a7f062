import { describe, expect, it } from 'vitest';
import {
  closed,
  openWindow,
  refused,
  requestsAllowed,
  type Sized,
  succeeded,
  type Window,
  windowSize,
} from '../../src/workflows/window.js';

const sized = (window: Window): Sized => ({ window, request: { concurrency: 8 } });

describe('the window', () => {
  it('opens with more batches than requests, so that some prepare while others wait', () => {
    expect(windowSize(sized(openWindow(8)))).toBe(24);
    expect(requestsAllowed(sized(openWindow(8)))).toBe(8);
  });

  it('is halved by a 429, closes its gate for as long as the provider asks, and then sends one probe', () => {
    const window = refused(openWindow(8), 1000, 2500);
    expect(window).toEqual({ allowed: 4, closedUntil: 3500, refusals: 1 });
    expect(windowSize(sized(window))).toBe(1);
  });

  it('is not halved again by answers to requests that were sent before the gate closed', () => {
    const once = refused(openWindow(8), 1000, 2500);
    expect(refused(once, 2000, 2500)).toEqual(once);
  });

  it('waits longer each time when the provider does not say how long', () => {
    let window = openWindow(8);
    const waits: number[] = [];
    for (let now = 0; waits.length < 9; now = window.closedUntil) {
      window = refused(window, now, null);
      waits.push(window.closedUntil - now);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(window.allowed).toBe(1);
  });

  it('widens by one for each windowful of successes, up to the concurrency', () => {
    let window = { ...openWindow(8), allowed: 4 };
    for (let success = 0; success < 5; success++) window = succeeded(window, 8);
    expect(Math.floor(window.allowed)).toBe(5);
    for (let success = 0; success < 100; success++) window = succeeded(window, 8);
    expect(window.allowed).toBe(8);
  });
});

it('a worker that has learned the pace is not slowed down further: only the gate closes', () => {
  const window = closed(openWindow(8), 1000, 2000);
  expect(window).toMatchObject({ allowed: 8, closedUntil: 3000, refusals: 0 });
  expect(closed(window, 1500, null).closedUntil).toBe(3000);
  expect(closed(window, 2500, null).closedUntil).toBe(3500);
});
