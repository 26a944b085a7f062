import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/engines/store.js';
import { PLACES, type Place } from './places.js';
import { attempt, batch, row } from './rows.js';

describe.each(PLACES)('the ledger in %s', (_name, make) => {
  let site: Place;
  let store: Store;
  beforeEach(async () => {
    site = await make();
    store = await site.open();
    await store.migrate();
  });
  afterEach(() => site.close());

  const ledger = async () =>
    (await site.sql('SELECT * FROM api_usage ORDER BY request_id')).map((each) => ({ ...each }));

  it('a claim tells what is stored, what can be copied and what another batch is buying', async () => {
    await store.commit(batch({ vectors: [row(1, 'a'), row(2, 'b')] }));
    await store.claim(attempt('r2', { batchId: 'b2', hashes: ['c', 'x'] }), []);
    await store.claim(attempt('r3', { runId: 'run-2', batchId: 'b3', hashes: ['d'] }), []);
    const claim = await store.claim(attempt('r1', { hashes: ['a', 'c', 'd', 'e'] }), [1, 5]);
    expect(claim.stored).toEqual([
      { sampleId: 1, contentHash: 'a', runId: 'run-1', vectorBytes: 16, source: null },
    ]);
    expect(claim.available).toEqual(new Set(['a']));
    expect(claim.pendingElsewhere).toEqual(new Set(['c', 'd']));
  });

  it('a reset run copies only what it bought itself', async () => {
    await store.commit(batch({ vectors: [row(1, 'a')] }));
    const of = async (id: string, onlyRun: string) =>
      (await store.claim(attempt(id, { hashes: ['a'] }), [], { onlyRun })).available;
    expect(await of('r1', 'run-1')).toEqual(new Set(['a']));
    expect(await of('r2', 'run-2')).toEqual(new Set());
  });

  it('a pending attempt of the same batch becomes uncertain, its cost unknown and its bound kept', async () => {
    await store.claim(attempt('r1', { hashes: ['a'] }), []);
    const claim = await store.claim(attempt('r2', { hashes: ['a'] }), []);
    expect(claim.pendingElsewhere).toEqual(new Set());
    const [first, second] = await ledger();
    expect(first).toMatchObject({
      status: 'uncertain',
      total_cost: null,
      total_cost_nanos: null,
      text_hashes: null,
    });
    expect(JSON.parse(String(first?.extra_metadata))).toEqual({ bound_nanos: 5000 });
    expect(second).toMatchObject({ status: 'pending', settled_at: null });
    expect(await store.accountBatch('run-1', 'b1')).toEqual({
      requests: 2,
      tokens: 0,
      costNanos: 0,
      // Both at their bound: nobody knows what the first cost, nor the second yet.
      uncertainNanos: 10_000,
      unpriced: 0,
      nanosPerToken: null,
    });
  });

  it('a settlement is final, exact in nanodollars, and frees the texts', async () => {
    await store.claim(attempt('r1', { hashes: ['a'] }), []);
    const settled = {
      requestId: 'r1',
      status: 'settled',
      tokens: 325,
      costNanos: 6500,
      costSource: 'provider',
    } as const;
    await store.commit(
      batch({ settlements: [{ ...settled, boundNanos: 6500, metadata: { generation: 'g' } }] }),
    );
    await store.commit(batch({ settlements: [{ ...settled, status: 'failed', costNanos: null }] }));
    const [entry] = await ledger();
    expect(entry).toMatchObject({
      status: 'settled',
      input_tokens: 325,
      output_tokens: 0,
      total_tokens: 325,
    });
    expect(entry).toMatchObject({ total_cost: 0.0000065, total_cost_nanos: 6500, text_hashes: null });
    expect(JSON.parse(String(entry?.extra_metadata))).toEqual({
      bound_nanos: 6500,
      cost_source: 'provider',
      generation: 'g',
    });
    expect(await store.accountBatch('run-1', 'b1')).toEqual({
      requests: 1,
      tokens: 325,
      costNanos: 6500,
      uncertainNanos: 0,
      unpriced: 0,
      nanosPerToken: 20,
    });
    const other = await store.claim(attempt('r2', { batchId: 'b2', hashes: ['a'] }), []);
    expect(other.pendingElsewhere).toEqual(new Set());
  });

  it('an unknown cost is NULL, never 0', async () => {
    await store.openAttempts([attempt('r1', { boundNanos: null })]);
    await store.commit(
      batch({
        settlements: [
          { requestId: 'r1', status: 'settled', tokens: null, costNanos: null, costSource: 'unknown' },
        ],
      }),
    );
    expect(
      await site.sql(
        'SELECT COUNT(*) AS n FROM api_usage WHERE total_cost IS NULL AND input_cost IS NULL AND output_cost IS NULL AND total_cost_nanos IS NULL AND total_tokens IS NULL',
      ),
    ).toMatchObject([{ n: 1 }]);
  });

  it('an attempt that was never sent leaves no trace; a settled one cannot be withdrawn', async () => {
    await store.openAttempts([attempt('r1')]);
    await store.openAttempts([attempt('r2')]);
    await store.commit(
      batch({
        settlements: [{ requestId: 'r2', status: 'failed', tokens: 0, costNanos: 0, costSource: 'price' }],
      }),
    );
    await store.withdraw(['r1']);
    await store.withdraw(['r2']);
    expect(await ledger()).toMatchObject([{ request_id: 'r2', status: 'failed' }]);
  });
});
