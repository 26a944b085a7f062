import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/engines/store.js';
import { PLACES, type Place } from './places.js';
import { attempt, batch, failure, row, run, vector } from './rows.js';

describe.each(PLACES)('commits to %s', (_name, make) => {
  let site: Place;
  let store: Store;
  beforeEach(async () => {
    site = await make();
    store = await site.open();
    await store.migrate();
  });
  afterEach(() => site.close());

  const stored = async () =>
    (await site.sql('SELECT * FROM sample_embeddings ORDER BY sample_id')).map((each) => ({
      ...each,
      vibe_vector: [...new Float32Array(each.vibe_vector as ArrayBuffer)],
    }));
  const totals = async () => (await store.latestRun('run-1'))?.totals;

  it('a vector is stored as its readers know it', async () => {
    await store.commit(batch({ vectors: [row(2 ** 40, 'h', 0.5)] }));
    expect(await stored()).toMatchObject([
      { sample_id: 2 ** 40, vibe_vector: [0.5, 0.5, 0.5, 0.5], embedding_source: `Title: ${2 ** 40}` },
    ]);
    const [is] = await site.sql(
      "SELECT typeof(sample_id) AS id, created_at LIKE '____-__-__ __:__:__' AS plain, abs(julianday('now') - julianday(created_at)) < 0.001 AS now FROM sample_embeddings",
    );
    expect({ ...is }).toEqual({ id: 'integer', plain: 1, now: 1 });
  });

  it('2,048 vectors of 1,536 dimensions go in one commit', async () => {
    const vectors = Array.from({ length: 2048 }, (_, at) => ({ ...row(at + 1), vector: vector(at, 1536) }));
    await store.claim(
      attempt('r1', { hashes: vectors.map((each) => each.contentHash) }),
      vectors.map((each) => each.sampleId),
    );
    await store.commit(batch({ vectors }));
    expect(await store.countVectors()).toBe(2048);
    const found = await store.storedRows(vectors.map((each) => each.sampleId));
    expect(new Set(found.map((each) => each.vectorBytes))).toEqual(new Set([6144]));
  });

  it('a text bought before is copied; this run’s own vector goes before an older one', async () => {
    await store.commit(batch({ runId: 'run-0', vectors: [row(1, 'a', 1)] }));
    await store.commit(batch({ copies: [{ sampleId: 5, text: 'T', contentHash: 'a' }] }));
    expect((await stored())[1]).toMatchObject({
      sample_id: 5,
      vibe_vector: [1, 1, 1, 1],
      content_hash: 'a',
      run_id: 'run-1',
    });
    await store.commit(batch({ runId: 'run-2', vectors: [row(9, 'a', 9)] }));
    await store.commit(batch({ runId: 'run-2', copies: [{ sampleId: 6, text: 'T', contentHash: 'a' }] }));
    expect((await stored())[2]).toMatchObject({ sample_id: 6, vibe_vector: [9, 9, 9, 9] });
  });

  it('texts that move from row to row are copied, whichever row is written first', async () => {
    await store.commit(batch({ runId: 'run-0', vectors: [row(1, 'a', 1), row(2, 'b', 2), row(3, 'c', 3)] }));
    const fence = await store.fence();
    const change = batch({
      ...{ runId: 'run-2', fence, vectors: [row(1, 'new', 9)] },
      copies: [
        { sampleId: 2, text: 'T', contentHash: 'a' },
        { sampleId: 3, text: 'T', contentHash: 'b' },
        { sampleId: 4, text: 'T', contentHash: 'c' },
      ],
    });
    for (const _again of [1, 2]) {
      await store.commit(change);
      expect(await stored()).toMatchObject([
        { sample_id: 1, content_hash: 'new', vibe_vector: [9, 9, 9, 9] },
        { sample_id: 2, content_hash: 'a', vibe_vector: [1, 1, 1, 1] },
        { sample_id: 3, content_hash: 'b', vibe_vector: [2, 2, 2, 2] },
        { sample_id: 4, content_hash: 'c', vibe_vector: [3, 3, 3, 3] },
      ]);
    }
    expect(await site.sql('SELECT * FROM kept_vectors')).toEqual([]);
  });

  it('a copy whose original has gone fails the whole commit', async () => {
    const change = batch({ vectors: [row(1)], copies: [{ sampleId: 2, text: 'T', contentHash: 'gone' }] });
    await expect(store.commit(change)).rejects.toThrow(/the store \(commit\).*NOT NULL/);
    await expect(store.commit(change)).rejects.not.toMatchObject({ name: 'Fault' });
    expect(await store.countVectors()).toBe(0);
  });

  it('a late writer with an older claim overwrites nothing, records no failure and counts nothing', async () => {
    await store.saveRun(run());
    const newer = { runId: 'run-2', fence: await store.fence() };
    await store.commit(batch({ ...newer, vectors: [row(1, 'new', 2)] }));
    const before = await stored();
    for (const _again of [1, 2]) {
      expect(await store.commit(batch({ vectors: [row(1, 'old', 1)] }))).toMatchObject({ superseded: [1] });
      await store.commit(batch({ failures: [failure(1)] }));
      await store.commit(batch({ copies: [{ sampleId: 1, text: 'T', contentHash: 'new' }] }));
    }
    expect(await stored()).toEqual(before);
    expect(await store.countFailures()).toBe(0);
    expect(await totals()).toMatchObject({ stored: 0, failed: 0, copied: 0 });
  });

  it('a newer claim overwrites, whatever the clocks say, and so does the same one', async () => {
    await store.commit(batch({ vectors: [row(1, 'old', 1)] }));
    await store.commit(batch({ vectors: [row(1, 'again', 3)] }));
    expect(await stored()).toMatchObject([{ content_hash: 'again' }]);
    const fence = await store.fence();
    await store.commit(
      batch({ runId: 'run-2', runStartedAt: '2020-01-01T00:00:00.000Z', fence, vectors: [row(1, 'new', 2)] }),
    );
    expect(await stored()).toMatchObject([{ content_hash: 'new', run_id: 'run-2' }]);
  });

  it('repeating a commit counts nothing twice', async () => {
    await store.saveRun(run());
    await store.commit(batch({ runId: 'run-0', vectors: [row(9, 'a')] }));
    await store.claim(attempt('r1', { hashes: ['h1', 'h2'] }), [1, 2, 3, 4]);
    const change = batch({
      vectors: [row(1), row(2)],
      copies: [{ sampleId: 3, text: 'T', contentHash: 'a' }],
      failures: [failure(4)],
      settlements: [
        { requestId: 'r1', status: 'settled', tokens: 650, costNanos: 13_000, costSource: 'price' },
      ],
      notedDelta: 1,
    });
    const once = {
      selected: 0,
      unchanged: 0,
      stored: 3,
      copied: 1,
      failed: 1,
      noted: 1,
      requests: 1,
      tokens: 650,
      costNanos: 13_000,
      lastProcessedId: 3,
    };
    for (const _again of [1, 2, 3]) {
      await store.commit(change);
      expect(await totals()).toEqual(once);
    }
    expect(await store.accountBatch('run-1', 'b1')).toEqual({
      requests: 1,
      tokens: 650,
      costNanos: 13_000,
      uncertainNanos: 0,
      unpriced: 0,
      nanosPerToken: 20,
    });
  });

  it('a failure is kept until its sample is stored, and not taken back by the same run', async () => {
    await store.commit(batch({ failures: [failure(1), failure(2), failure(3)] }));
    await store.commit(batch({ runId: 'run-2', failures: [failure(2, 'again')] }));
    expect(await store.failuresOf([1, 2, 9])).toMatchObject([
      { sampleId: 1, reason: 'Rejected', message: 'too long', permanent: true, attempts: 1, runId: 'run-1' },
      { sampleId: 2, message: 'again', runId: 'run-2' },
    ]);
    expect((await store.listFailures({ after: 1, limit: 1 })).map((each) => each.sampleId)).toEqual([2]);
    await store.commit(batch({ vectors: [row(1)] }));
    await store.commit(batch({ failures: [failure(1)] }));
    expect(await store.countFailures()).toBe(2);
    await store.forgetFailures([2]);
    expect((await store.listFailures({ after: null, limit: 10 })).map((each) => each.sampleId)).toEqual([3]);
  });

  it('twenty commits at once are all stored', async () => {
    const batches = Array.from({ length: 20 }, (_, at) =>
      batch({ batchId: `b${at}`, vectors: Array.from({ length: 50 }, (_, id) => row(at * 50 + id + 1)) }),
    );
    await Promise.all(batches.map((each) => store.commit(each)));
    expect(await store.countVectors()).toBe(1000);
  });

  it('a run is saved, its counts only rise until its last word, and the newest is found', async () => {
    await store.saveRun(run());
    const more = { ...run().totals, selected: 10, stored: 5, lastProcessedId: 12 };
    await store.saveRun(run({ totals: more, state: 'blocked', reason: 'no credit' }));
    await store.saveRun(run({ state: 'running' }));
    expect((await store.latestRun())?.totals).toMatchObject(more);
    // Planned anew, it found less.
    const last = { ...more, selected: 9, stored: 4 };
    await store.saveRun(run({ totals: last, state: 'completed' }));
    await store.saveRun(run({ runId: 'run-0', startedAt: '2026-11-22T00:00:00.000Z' }));
    expect(await store.latestRun()).toMatchObject({
      runId: 'run-1',
      state: 'completed',
      reason: null,
      totals: last,
    });
    expect(await store.latestRun('run-0')).toMatchObject({ runId: 'run-0' });
    expect(await store.latestRun('nobody')).toBeNull();
  });
});
