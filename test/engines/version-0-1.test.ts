import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/engines/store.js';
import { PLACES, type Place } from './places.js';
import { attempt, batch, row } from './rows.js';
import { claim, commit, OLD_STORE, openAttempt, saveRun, write } from './version-0-1.js';

const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number): string => new Date(Date.now() - hours * HOUR_MS).toISOString();
const AHEAD = hoursAgo(-1);

describe.each(PLACES)('a store of version 0.1.0 in %s', (_name, make) => {
  let site: Place;
  let store: Store;
  beforeEach(async () => {
    site = await make();
    await write(site.url, OLD_STORE);
    store = await site.open();
  });
  afterEach(() => site.close());

  const ledger = () =>
    site.sql('SELECT request_id, status, bound_nanos, total_cost_nanos FROM api_usage ORDER BY request_id');

  it('keeps its ledger, whose bounds become a column; what is pending is left to its worker', async () => {
    await write(site.url, [
      ...['failed', 'pending', 'settled', 'uncertain', 'unpriced'].map((id) =>
        openAttempt(id, ['a'], '2026-11-23T04:00:00.000Z'),
      ),
      "UPDATE api_usage SET status = 'failed', total_cost_nanos = 0 WHERE request_id = 'failed'",
      "UPDATE api_usage SET status = 'settled', total_cost_nanos = 2000, total_tokens = 100 WHERE request_id = 'settled'",
      "UPDATE api_usage SET status = 'uncertain' WHERE request_id = 'uncertain'",
      "UPDATE api_usage SET status = 'uncertain', extra_metadata = '{damaged' WHERE request_id = 'unpriced'",
    ]);
    const rows = () =>
      site.sql(`SELECT request_id, run_id, batch_id, model, operation, status, total_tokens,
      total_cost_nanos, created_at, settled_at, extra_metadata, text_hashes FROM api_usage ORDER BY 1`);
    const before = await rows();
    await store.migrate();
    expect(await rows()).toEqual(before);
    expect(await ledger()).toMatchObject([
      { request_id: 'failed', bound_nanos: 0 },
      { request_id: 'pending', bound_nanos: null },
      { request_id: 'settled', bound_nanos: 2000 },
      { request_id: 'uncertain', bound_nanos: 5000 },
      { request_id: 'unpriced', bound_nanos: null },
    ]);
    expect(await store.accountBatch('old-run', 'b1')).toMatchObject({
      costNanos: 2000,
      uncertainNanos: 10_000,
    });
    // A status of a later version needs no new table.
    await site.sql("UPDATE api_usage SET status = 'disputed' WHERE request_id = 'uncertain'");
  });

  it('keeps the columns, indexes, triggers and views that somebody has added to the ledger', async () => {
    await write(site.url, [
      "ALTER TABLE api_usage ADD COLUMN team TEXT DEFAULT 'sound'",
      'CREATE INDEX by_model ON api_usage(model)',
      'CREATE VIEW spent AS SELECT model, SUM(total_cost) AS usd FROM api_usage GROUP BY model',
      'CREATE TABLE seen (id TEXT)',
      'CREATE TRIGGER noted AFTER INSERT ON api_usage BEGIN INSERT INTO seen VALUES (new.request_id); END',
      openAttempt('q1', ['a'], '2026-11-23T04:00:00.000Z'),
    ]);
    await store.migrate();
    await store.openAttempts([attempt('q2')]);
    expect(await site.sql('SELECT request_id, team FROM api_usage ORDER BY 1')).toMatchObject([
      { request_id: 'q1', team: 'sound' },
      { request_id: 'q2', team: 'sound' },
    ]);
    // Copying is not inserting: q1 was seen once.
    expect(await site.sql('SELECT id FROM seen ORDER BY 1')).toMatchObject([{ id: 'q1' }, { id: 'q2' }]);
    expect(await site.sql('SELECT model FROM spent ORDER BY 1')).toHaveLength(2);
    expect(
      (await site.sql("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'api_usage'"))
        .map((each) => String(each.name))
        .filter((name) => !name.startsWith('sqlite_'))
        .sort(),
    ).toEqual(['by_model', 'idx_api_usage_batch', 'idx_api_usage_pending']);
  });

  it('is brought up to date by the first claim of a worker that joins an older run', async () => {
    const { fence } = await store.claim(attempt('q1', { hashes: ['h1'] }), [1]);
    expect(fence).toBe(1);
    await store.commit(batch({ fence, vectors: [row(1)] }));
    expect(await store.countVectors()).toBe(1);
  });

  it('shows its money without being changed', async () => {
    await write(site.url, [
      saveRun('running'),
      ...claim('q1', ['h1']),
      ...commit(1, 'h1', { requestId: 'q1', startedAt: hoursAgo(1) }),
      ...claim('q2', ['h2']),
    ]);
    expect((await store.usage('run', { limit: 9 }))?.total).toMatchObject({
      costNanos: 2000n,
      pendingNanos: 5000n,
      atMostNanos: 7000n,
    });
    expect(await store.ledgerByRun('', 9)).toMatchObject([
      { runId: 'old-run', tokens: 100, costNanos: 2000, leftover: 0, final: false },
    ]);
    expect((await store.latestRun())?.totals).toMatchObject({ requests: 2, tokens: 100, costNanos: 2000 });
    expect((await store.reportOverview())?.costNanos).toBe(2000);
    expect(await site.sql('SELECT MAX(version) AS version FROM schema_migrations')).toMatchObject([
      { version: 4 },
    ]);
  });

  it('a row written under a clock an hour ahead is overwritten, and what it says of its time decides nothing', async () => {
    await write(site.url, commit(1, 'h1', { requestId: 'none', startedAt: AHEAD }));
    await store.migrate();
    const { fence } = await store.claim(attempt('q1', { hashes: ['new'] }), [1, 2]);
    const change = batch({ fence, runStartedAt: hoursAgo(0), vectors: [row(1, 'new'), row(2, 'new')] });
    expect(await store.commit(change)).toMatchObject({ superseded: [] });
    expect(await store.storedRows([1, 2])).toMatchObject([{ contentHash: 'new' }, { contentHash: 'new' }]);
  });

  describe('whose workers still run after it was migrated', () => {
    beforeEach(() => store.migrate());

    it('takes their statements, and has their money', async () => {
      await write(site.url, [
        saveRun('running'),
        ...claim('q1', ['h1']),
        ...commit(1, 'h1', { requestId: 'q1', startedAt: hoursAgo(1) }),
        ...claim('q2', ['h2']),
        ...claim('q3', ['h2']),
        saveRun('completed'),
      ]);
      expect(await ledger()).toMatchObject([
        { request_id: 'q1', status: 'settled', bound_nanos: null },
        { request_id: 'q2', status: 'uncertain', bound_nanos: null },
        { request_id: 'q3', status: 'pending', bound_nanos: null },
      ]);
      const money = { requests: 3, tokens: 100, costNanos: 2000, uncertainNanos: 10_000 };
      expect(await store.accountBatch('old-run', 'b1')).toMatchObject(money);
      expect((await store.usage('run', { limit: 9 }))?.total).toMatchObject({ atMostNanos: 12_000n });
      expect((await store.storedRows([1, 2])).map(({ contentHash }) => contentHash)).toEqual(['h1', 'h1']);
      expect(await store.failuresOf([3])).toMatchObject([{ sampleId: 3, permanent: true }]);
      expect(await store.ledgerByRun('', 9)).toMatchObject([
        { run: { tokens: 100, costNanos: 2000 }, tokens: 100, costNanos: 2000, final: true },
      ]);
    });

    it('their claims are waited for, for fifteen minutes', async () => {
      await write(site.url, claim('q1', ['h1', 'h2']));
      const waiter = { runId: 'run-1', batchId: 'b1' };
      const first = await store.claim(attempt('r1', { hashes: ['h1', 'x'] }), [1]);
      expect(first.pendingElsewhere).toEqual(new Set(['h1']));
      expect(await store.stillPending(['h1', 'h2'], waiter)).toBe(true);
      await site.sql(`UPDATE api_usage SET created_at = '${hoursAgo(0.26)}' WHERE request_id = 'q1'`);
      expect(await store.stillPending(['h1', 'h2'], waiter)).toBe(false);
      const again = await store.claim(attempt('r2', { hashes: ['h1', 'x'] }), [1]);
      expect(again.pendingElsewhere).toEqual(new Set());
      expect((await ledger())[0]).toMatchObject({ request_id: 'q1', status: 'uncertain' });
    });

    it('rows of theirs and of ours replace each other', async () => {
      const fence = await store.fence();
      await store.commit(
        batch({ fence, runStartedAt: hoursAgo(2), vectors: [row(1, 'ours'), row(2, 'ours')] }),
      );
      await write(site.url, commit(1, 'theirs', { requestId: 'none', startedAt: hoursAgo(1) }));
      expect(await store.storedRows([1])).toMatchObject([{ contentHash: 'theirs', runId: 'old-run' }]);
      const next = await store.fence();
      await store.commit(batch({ fence: next, runStartedAt: hoursAgo(3), vectors: [row(1, 'again')] }));
      expect(await store.storedRows([1])).toMatchObject([{ contentHash: 'again' }]);
    });
  });
});
