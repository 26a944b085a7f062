import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/engines/store.js';
import { PLACES, type Place } from './places.js';
import { attempt, batch, row, run, vector } from './rows.js';

describe.each(PLACES)('what verifying reads from %s', (_name, make) => {
  let site: Place;
  let store: Store;
  beforeEach(async () => {
    site = await make();
    store = await site.open();
  });
  afterEach(() => site.close());

  const page = (after: number | null, limit: number) =>
    store.vectorPage({ after, limit, bytes: 16, table: 'ours' });

  it('tells which tables are there, and makes none', async () => {
    expect(await store.tables()).toEqual({ vectors: 'none', failures: false, ledger: false });
    await site.sql('CREATE TABLE sample_embeddings (sample_id INTEGER PRIMARY KEY, vibe_vector BLOB)');
    expect(await store.tables()).toEqual({ vectors: 'old', failures: false, ledger: false });
    await site.sql('DROP TABLE sample_embeddings');
    await store.migrate();
    expect(await store.tables()).toEqual({ vectors: 'ours', failures: true, ledger: true });
  });

  it('gives the rows byte for byte, and no vector of another length', async () => {
    await store.migrate();
    await store.commit(batch({ vectors: [row(-5), row(2), row(2 ** 53 - 1)] }));
    await site.sql("UPDATE sample_embeddings SET vibe_vector = x'0102' WHERE sample_id = 2");
    const { rows, last } = await page(null, 500);
    expect(last).toBe(true);
    expect(rows.map(({ sampleId, type, vectorBytes }) => [sampleId, type, vectorBytes])).toEqual([
      [-5, 'blob', 16],
      [2, 'blob', 2],
      [2 ** 53 - 1, 'blob', 16],
    ]);
    expect(rows[0]?.vector).toEqual(vector(-5));
    expect(rows[1]?.vector).toBeNull();
    expect(rows[0]).toMatchObject({ text: 'Title: -5', contentHash: 'h-5', runId: 'run-1' });
  });

  it('pages by id until the last, which may be full or empty', async () => {
    await store.migrate();
    expect(await page(null, 2)).toEqual({ rows: [], last: true });
    await store.commit(batch({ vectors: [1, 2, 3, 4].map((id) => row(id)) }));
    const first = await page(null, 2);
    expect([first.rows.map((each) => each.sampleId), first.last]).toEqual([[1, 2], false]);
    const second = await page(2, 2);
    expect([second.rows.map((each) => each.sampleId), second.last]).toEqual([[3, 4], false]);
    expect(await page(4, 2)).toEqual({ rows: [], last: true });
  });

  it('sums the ledger by run and gives up only what nobody will settle', async () => {
    await store.migrate();
    await store.saveRun(run({ state: 'cancelled' }));
    await store.openAttempts([attempt('r1')]);
    await store.openAttempts([attempt('r2')]);
    const money = { status: 'settled', tokens: 7, costNanos: 140, costSource: 'provider' } as const;
    await store.commit(batch({ settlements: [{ requestId: 'r1', ...money }] }));
    const sums = { tokens: 7, costNanos: 140 };
    const entry = {
      ...{
        runId: 'run-1',
        run: { state: 'cancelled', ...sums },
        final: true,
        outside: false,
        attempts: 2,
        ...sums,
      },
    };
    // Its process may yet settle it.
    expect(await store.ledgerByRun('', 10)).toEqual([{ ...entry, leftover: 0 }]);
    expect(await store.giveUpLeftovers()).toBe(0);
    await site.sql('UPDATE api_usage SET lease_until = 1');
    expect(await store.ledgerByRun('', 10)).toEqual([{ ...entry, leftover: 1 }]);
    expect(await store.giveUpLeftovers()).toBe(1);
    expect(await store.ledgerByRun('', 10)).toEqual([{ ...entry, leftover: 0 }]);
    expect(await site.sql("SELECT status, total_cost FROM api_usage WHERE request_id = 'r2'")).toMatchObject([
      { status: 'uncertain', total_cost: null },
    ]);
    expect(await store.doubleEntries('', 10)).toEqual([]);
    expect(await store.contradictions('', 10)).toEqual([]);
    expect(await store.ledgerByRun('run-1', 10)).toEqual([]);
  });

  it('searches are of no run, and one that was killed is left over once its lease has expired', async () => {
    await store.migrate();
    const search = { runId: 'search', operation: 'search' } as const;
    await store.openAttempts([attempt('s1', search)]);
    await store.openAttempts([attempt('s2', search)]);
    const entry = { ...{ runId: 'search', run: null, final: false, outside: true, attempts: 2 }, tokens: 0 };
    expect(await store.ledgerByRun('', 10)).toEqual([{ ...entry, costNanos: 0, leftover: 0 }]);
    await site.sql("UPDATE api_usage SET lease_until = 1 WHERE request_id = 's1'");
    expect(await store.ledgerByRun('', 10)).toEqual([{ ...entry, costNanos: 0, leftover: 1 }]);
    // Any request that is opened ends it.
    await store.openAttempts([attempt('s3', search)]);
    expect(await site.sql('SELECT request_id, status FROM api_usage ORDER BY 1')).toMatchObject([
      { request_id: 's1', status: 'uncertain' },
      { request_id: 's2', status: 'pending' },
      { request_id: 's3', status: 'pending' },
    ]);
  });

  it('removes rows as they were seen', async () => {
    await store.migrate();
    await store.commit(batch({ vectors: [row(1), row(2)] }));
    const seen = await store.writersOf([1, 2]);
    await site.sql("UPDATE sample_embeddings SET run_id = 'run-2' WHERE sample_id = 1");
    expect(await store.removeVectors(seen)).toBe(1);
    expect(await store.removeVectors([])).toBe(0);
    expect((await page(null, 5)).rows.map((each) => each.sampleId)).toEqual([1]);
  });
});
