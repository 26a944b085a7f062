import { describe, expect, it } from 'vitest';
import type { BatchPlan } from '../../src/contract/plan.js';
import { joinedOf, mostJoined } from '../../src/workflows/join-batches.js';
import { newMemory, type RunMemory } from '../../src/workflows/state.js';
import { runRequest } from '../support/run-request.js';

const batch = (number: number, change: Partial<BatchPlan> = {}): BatchPlan => ({
  id: `b${number}`,
  ids: `${number}01-${number}99`,
  count: 99,
  tokensBound: 1000,
  ...change,
});

describe('mostJoined', () => {
  const memory = (change: Partial<RunMemory> = {}, concurrency = 8): RunMemory => ({
    ...newMemory('run-1', '2026-01-01', runRequest({ concurrency })),
    fleet: { w0: [8, 0], w1: [8, 0] },
    ...change,
  });

  it.each([
    ['half of what a worker may have in flight', memory(), 4],
    ['of the smallest worker', memory({ fleet: { w0: [80, 0], w1: [4, 0] } }), 2],
    ['of what the run allows in each', memory({ fleet: { w0: [80, 0] } }, 6), 3],
    ['eight at most', memory({ fleet: { w0: [80, 0] } }, 80), 8],
    ['one, where workers send one request at a time', memory({ fleet: { w0: [1, 0] } }), 1],
    ['one, while no worker is known', memory({ fleet: {} }), 1],
    [
      'one, while something is parked',
      memory({ parked: [{ batch: batch(1), reason: 'x', message: 'x' }] }),
      1,
    ],
    [
      'one, while the gate is closed',
      memory({ window: { allowed: 8, closedUntil: Date.now() + 60_000, refusals: 0 } }),
      1,
    ],
    ['one, while a probe is out', memory({ window: { allowed: 8, closedUntil: 0, refusals: 1 } }), 1],
    ['one, where the provider’s pace is known', memory({ pacePerMinute: 300 }), 1],
    ['one, under a cap', { ...memory(), request: runRequest({ concurrency: 8, maxCostNanos: 1 }) }, 1],
  ])('%s', (_, known, most) => {
    expect(mostJoined(known)).toBe(most);
  });
});

describe('joinedOf', () => {
  it('is a batch of several, in their order', () => {
    expect(
      joinedOf(
        [1, 2, 3, 4, 5].map((number) => batch(number)),
        3,
      ),
    ).toEqual({
      taken: 3,
      batch: { id: 'b1', ids: '101-199,201-299,301-399', count: 297, tokensBound: 3000, parts: [99, 99, 99] },
    });
  });

  it('is the first as it is, where it or the next has been sent before', () => {
    const begun = batch(1, { begun: true, tries: 1 });
    expect(joinedOf([begun, batch(2)], 4)).toEqual({ batch: begun, taken: 1 });
    expect(joinedOf([batch(1), batch(2, { isolate: true }), batch(3)], 4)).toEqual({
      batch: batch(1),
      taken: 1,
    });
    const joined = batch(1, { parts: [30, 69], begun: true });
    expect(joinedOf([joined, batch(5)], 4)).toEqual({ batch: joined, taken: 1 });
  });

  it('is what there is of a short queue, and nothing of an empty one', () => {
    expect(joinedOf([batch(1), batch(2)], 4)?.batch.parts).toHaveLength(2);
    expect(joinedOf([], 4)).toBeNull();
  });
});
