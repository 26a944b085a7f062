import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/engines/store.js';
import type { Settlement } from '../../src/engines/types.js';
import { PLACES, type Place } from './places.js';
import { attempt, batch, row, run } from './rows.js';

const ALL = { limit: 1000 };
const MOST = Number.MAX_SAFE_INTEGER;
const settled = (requestId: string, more: Partial<Settlement> = {}): Settlement => ({
  ...{ requestId, status: 'settled', tokens: 100, costNanos: 2000, boundNanos: 2000, costSource: 'provider' },
  ...more,
});

describe.each(PLACES)('absurd numbers in %s', (_name, make) => {
  let site: Place;
  let store: Store;
  beforeEach(async () => {
    site = await make();
    store = await site.open();
    await store.migrate();
  });
  afterEach(() => site.close());

  const settle = async (settlement: Settlement) => {
    await store.openAttempts([attempt(settlement.requestId)]);
    return store.commit(batch({ vectors: [row(1)], settlements: [settlement] }));
  };
  /** Everything that reads money. */
  const readAll = async () => ({
    usage: await Promise.all((['run', 'day', 'model'] as const).map((by) => store.usage(by, ALL))),
    saved: await store.saveRun(run()),
    latest: await store.latestRun(),
    account: await store.accountBatch('run-1', 'b1'),
    ledger: await store.ledgerByRun('', 10),
    contradictions: await store.contradictions('', 10),
    duplicates: await store.doubleEntries('', 10),
    report: await store.reportOverview(),
    schedule: await store.runsOfSchedule('none', 5),
  });

  it.each([
    ['10^12 dollars', { costNanos: 1e21, boundNanos: 1e21 }, MOST],
    ['more than any number', { costNanos: Number.POSITIVE_INFINITY }, MOST],
    ['9·10^15 nanodollars', { costNanos: 9e15, boundNanos: 9e15 }, 9e15],
    ['less than nothing', { costNanos: -5, boundNanos: -5 }, 0],
    ['a fraction', { costNanos: 2000.4, boundNanos: 2000.4 }, 2000],
    ['10^18 tokens', { tokens: 1e18 }, 2000],
    ['no number of tokens', { tokens: Number.NaN }, 2000],
  ])('a provider that states %s stores its vectors and is booked', async (_what, stated, nanos) => {
    const { account } = await settle(settled('q1', stated));
    expect(account).toMatchObject({ costNanos: nanos, uncertainNanos: 0 });
    expect(await store.countVectors()).toBe(1);
    const { usage, contradictions, saved } = await readAll();
    expect(usage[0]?.total.costNanos).toBe(BigInt(nanos));
    expect(saved.costNanos).toBe(nanos);
    expect(contradictions).toEqual([]);
  });

  it('sums of them are exact, and fail no read', async () => {
    for (const id of ['a', 'b', 'c'])
      await settle(settled(id, { costNanos: MOST, boundNanos: MOST, tokens: MOST }));
    const { usage, saved, latest, report } = await readAll();
    expect(usage[0]?.total).toMatchObject({ costNanos: 3n * BigInt(MOST), atMostNanos: 3n * BigInt(MOST) });
    expect(saved.costNanos).toBe(3 * MOST);
    expect(latest?.totals.tokens).toBe(3 * MOST);
    expect(report?.costNanos).toBe(3 * MOST);
  });

  it('sums that no integer of the database holds fail no read', async () => {
    await site.sql(`INSERT INTO api_usage (request_id, run_id, batch_id, model, operation, status, total_tokens,
        total_cost_nanos, bound_nanos, created_at, settled_at, extra_metadata)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4)
      SELECT 'q' || i, 'run-1', 'b1', 'm', 'embeddings', 'settled', 9223372036854775807, 9223372036854775807,
        9223372036854775807, '2026-11-23T00:00:00.000Z', '', '{"cost_source":"provider"}' FROM n`);
    const { usage } = await readAll();
    const sum = 4n * 9223372036854775807n;
    expect(usage[0]?.total).toMatchObject({ costNanos: sum, providerNanos: sum, atMostNanos: sum });
    // And the next batch is stored.
    await settle(settled('next'));
    await store.saveRun(run({ state: 'completed' }));
    await readAll();
  });

  it('what somebody wrote over the figures fails no read and no commit', async () => {
    await settle(settled('q1'));
    for (const value of ["'many'", "x'ff'", '-9223372036854775808', '1e300', 'NULL', '0.5']) {
      for (const column of ['total_tokens', 'total_cost_nanos', 'total_cost', 'bound_nanos', 'lease_until'])
        await site.sql(`UPDATE api_usage SET ${column} = ${value}`);
      await site.sql(`UPDATE embedding_runs SET tokens = ${value === 'NULL' ? 0 : value}`);
      await site.sql(
        `UPDATE api_usage SET extra_metadata = '{"bound_nanos": "x", "feeNanos": [], "byok": 7'`,
      );
      await readAll();
      await store.claim(attempt('q2'), [1]);
      await store.commit(batch({ settlements: [settled('q2')] }));
      await store.openAttempts([attempt('q3', { batchId: 'b3' })]);
      await store.withdraw(['q3']);
      await site.sql("DELETE FROM api_usage WHERE request_id = 'q2'");
    }
  });
});
