import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/engines/store.js';
import { PLACES, type Place } from './places.js';
import { batch, EARLY, failure, LATE, row, run } from './rows.js';

describe.each(PLACES)('pruning in %s', (_name, make) => {
  let site: Place;
  let store: Store;
  beforeEach(async () => {
    site = await make();
    store = await site.open();
    await store.migrate();
    await store.saveRun(run());
  });
  afterEach(() => site.close());

  it('gives ids a page at a time, from below 0 to the largest', async () => {
    await store.commit(batch({ vectors: [row(-5), row(2), row(2 ** 53 - 1)] }));
    expect(await store.vectorIds({ after: null, limit: 2 })).toEqual([-5, 2]);
    expect(await store.vectorIds({ after: 2, limit: 2 })).toEqual([2 ** 53 - 1]);
    expect(await store.vectorIds({ after: 2 ** 53 - 1, limit: 2 })).toEqual([]);
  });

  it('counts what it deletes in the run, each sample once, also when it is done again', async () => {
    await store.commit(batch({ vectors: [row(1), row(2), row(3)], failures: [failure(4), failure(5)] }));
    await site.sql(
      `INSERT INTO embedding_failures (sample_id, reason, message, permanent, attempts, run_id, failed_at)
        SELECT 1, reason, message, 0, 1, run_id, failed_at FROM embedding_failures WHERE sample_id = 4`,
    );
    const seen = await store.writersOf([1, 2]);
    expect(await store.removeVectors(seen, 'run-1')).toBe(2);
    expect(await store.removeVectors(seen, 'run-1')).toBe(0);
    expect((await store.listFailures({ after: null, limit: 9 })).map((each) => each.sampleId)).toEqual([
      4, 5,
    ]);
    await store.removeFailures([4, 77], 'run-1');
    await store.removeFailures([4], 'run-1');
    await store.removeFailures([], 'run-1');
    expect(await store.prunedBy('run-1')).toBe(3);
    expect(await store.vectorIds({ after: null, limit: 9 })).toEqual([3]);
    expect((await store.listFailures({ after: null, limit: 9 })).map((each) => each.sampleId)).toEqual([5]);
    // The mirror of the run leaves the count alone.
    await store.saveRun(run({ state: 'completed' }));
    expect((await store.latestRun())?.totals.pruned).toBe(3);
    expect(await store.prunedBy('nobody')).toBe(0);
  });

  it('finds the runs of a schedule, newest first', async () => {
    const request = JSON.stringify({ scheduledBy: { schedule: 'nightly', firing: 'f' } });
    await store.saveRun(run({ runId: 'a', request, startedAt: EARLY }));
    await store.saveRun(run({ runId: 'b', request, startedAt: LATE }));
    expect((await store.runsOfSchedule('nightly', 9)).map((each) => each.runId)).toEqual(['b', 'a']);
    expect((await store.runsOfSchedule('nightly', 1)).map((each) => each.runId)).toEqual(['b']);
    expect(await store.runsOfSchedule('weekly', 9)).toEqual([]);
  });
});
