import { afterEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/engines/libsql/index.js';
import type { Store } from '../../src/engines/store.js';
import { attempt, batch } from './rows.js';
import { raw, temporary } from './scene.js';

const stores: Store[] = [];
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

async function place(): Promise<{ store: Store; url: string }> {
  const url = `file:${temporary()}/store.db`;
  const store = await openStore({ url });
  stores.push(store);
  return { store, url };
}

describe('the ledger, attempt by attempt', () => {
  it('is null where there is none yet', async () => {
    const { store } = await place();
    expect(await store.ledgerPage('', 10)).toBeNull();
  });

  it('gives what was booked, what else may have been billed, and pages in the order of ids', async () => {
    const { store } = await place();
    await store.migrate();
    await store.openAttempts(['a', 'b', 'c'].map((id) => attempt(id)));
    await store.commit(
      batch({
        settlements: [
          {
            requestId: 'a',
            status: 'settled',
            tokens: 10,
            costNanos: 210,
            costSource: 'provider',
            boundNanos: 210,
            metadata: { byok: true, feeNanos: 10, upstreamNanos: 200, providerId: 'gen-1', cached: false },
          },
          {
            requestId: 'b',
            status: 'settled',
            tokens: 0,
            costNanos: 0,
            costSource: 'provider',
            boundNanos: 0,
            metadata: { cached: true },
          },
        ],
      }),
    );
    const page = await store.ledgerPage('', 2);
    expect(page).toMatchObject([
      {
        requestId: 'a',
        status: 'settled',
        tokens: 10n,
        costNanos: 210n,
        mostNanos: 210n,
        upstreamNanos: 200n,
        providerId: 'gen-1',
        cached: false,
      },
      { requestId: 'b', cached: true, costNanos: 0n, mostNanos: 0n, upstreamNanos: null },
    ]);
    expect(page?.[0]?.createdAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(await store.ledgerPage('b', 2)).toMatchObject([
      { requestId: 'c', status: 'pending', settledAt: null, tokens: null, costNanos: null, mostNanos: 5000n },
    ]);
  });

  it('no number and no damaged metadata makes it fail', async () => {
    const { store, url } = await place();
    await store.migrate();
    await store.openAttempts(['a', 'b'].map((id) => attempt(id)));
    await raw(
      url,
      `UPDATE api_usage SET status = 'settled', total_tokens = 9000000000000001, total_cost_nanos = 9223372036854775807,
        bound_nanos = 9223372036854775807, extra_metadata = 'not json' WHERE request_id = 'a'`,
    );
    await raw(
      url,
      "UPDATE api_usage SET total_tokens = 'many', total_cost_nanos = -3.5 WHERE request_id = 'b'",
    );
    const page = await store.ledgerPage('', 10);
    expect(page?.[0]).toMatchObject({
      tokens: 9_000_000_000_000_001n,
      costNanos: 9_223_372_036_854_775_807n,
      mostNanos: 9_223_372_036_854_775_807n,
    });
    expect(page).toHaveLength(2);
  });
});
