import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config.js';
import { openStore } from '../../src/engines/libsql/index.js';
import type { UsageGrouping } from '../../src/engines/libsql/usage.js';
import type { Store } from '../../src/engines/store.js';
import type { Attempt, Settlement } from '../../src/engines/types.js';
import { withStore } from '../../src/hosting/existing-store.js';
import { filePlace, PLACES, type Place } from './places.js';
import { attempt, batch } from './rows.js';
import { OLD_TABLE } from './scene.js';

const ALL = { limit: 1000 };

describe.each(PLACES)('the ledger of %s added up', (_name, make) => {
  let site: Place;
  let store: Store;
  beforeEach(async () => {
    site = await make();
    store = await site.open();
    await store.migrate();
  });
  afterEach(() => site.close());

  const usage = async (by: UsageGrouping, page = ALL) => {
    const found = await store.usage(by, page);
    if (found === null) throw new Error('there is no ledger');
    return found;
  };
  const open = async (id: string, at: string, more: Partial<Attempt> = {}) => {
    await store.openAttempts([attempt(id, more)]);
    await site.sql(`UPDATE api_usage SET created_at = '${at}' WHERE request_id = '${id}'`);
  };
  const settle = (requestId: string, more: Partial<Settlement> = {}) =>
    store.commit(
      batch({
        settlements: [
          {
            ...{ requestId, status: 'settled', tokens: 100, costNanos: 2000, costSource: 'provider' },
            // An answer that is believed: it costs what it says.
            ...(more.costNanos !== null &&
              (more.status ?? 'settled') === 'settled' && { boundNanos: more.costNanos ?? 2000 }),
            ...more,
          },
        ],
      }),
    );

  it('counts each way an attempt ends, and bounds the bill by what may still cost', async () => {
    for (const id of ['paid', 'priced', 'cached', 'failed', 'uncertain', 'pending'])
      await open(id, '2026-11-23T12:00:00.000Z');
    await settle('paid');
    await settle('priced', { costNanos: 1999, costSource: 'price' });
    await settle('cached', { tokens: 0, costNanos: 0, metadata: { cached: true } });
    await settle('failed', { status: 'failed', tokens: null, costNanos: null });
    await settle('uncertain', { status: 'uncertain', tokens: null, costNanos: null, costSource: 'unknown' });
    const { rows, total } = await usage('run');
    expect(rows).toEqual([{ name: 'run-1', ...total }]);
    expect(total).toEqual({
      firstAt: '2026-11-23T12:00:00.000Z',
      lastAt: '2026-11-23T12:00:00.000Z',
      requests: 6,
      settled: 3,
      failed: 1,
      uncertain: 1,
      pending: 1,
      cached: 1,
      tokens: 200,
      costNanos: 3999n,
      providerNanos: 2000n,
      priceNanos: 1999n,
      unknownCost: 0,
      byok: 0,
      feeNanos: 0n,
      upstreamNanos: 0n,
      uncertainNanos: 5000n,
      pendingNanos: 5000n,
      atMostNanos: 13_999n,
    });
  });

  it('an unknown cost is never 0', async () => {
    await open('unknown', '2026-11-23T12:00:00.000Z', { boundNanos: null });
    await settle('unknown', { costNanos: null, costSource: 'unknown' });
    expect((await usage('day')).total).toMatchObject({ costNanos: null, unknownCost: 1, atMostNanos: null });
    await open('paid', '2026-11-23T12:00:00.000Z');
    await settle('paid');
    expect((await usage('day')).total).toMatchObject({ costNanos: 2000n, unknownCost: 1, atMostNanos: null });
  });

  it('a settled attempt of unknown cost that has a bound keeps the bill bounded', async () => {
    await open('unknown', '2026-11-23T12:00:00.000Z');
    await settle('unknown', { costNanos: null, costSource: 'unknown' });
    expect((await usage('day')).total).toMatchObject({ costNanos: null, unknownCost: 1, atMostNanos: 5000n });
  });

  it('an uncertain attempt without a bound leaves the bill without one, in its group alone', async () => {
    await open('a', '2026-11-23T12:00:00.000Z', { boundNanos: null, batchId: 'b1' });
    await open('b', '2026-11-24T12:00:00.000Z', { batchId: 'b2' });
    for (const id of ['a', 'b'])
      await settle(id, { status: 'uncertain', tokens: null, costNanos: null, costSource: 'unknown' });
    const { rows, total } = await usage('day');
    expect(rows).toMatchObject([
      { name: '2026-11-23', costNanos: 0n, uncertainNanos: null, atMostNanos: null },
      { name: '2026-11-24', costNanos: 0n, uncertainNanos: 5000n, atMostNanos: 5000n },
    ]);
    expect(total).toMatchObject({ uncertain: 2, uncertainNanos: null, pendingNanos: 0n, atMostNanos: null });
  });

  it('a cost that is not believed leaves the bill its bound', async () => {
    await open('free', '2026-11-23T12:00:00.000Z');
    await settle('free', { costNanos: 0, boundNanos: 4000 });
    await open('paid', '2026-11-23T12:00:00.000Z');
    await settle('paid', { costNanos: 9000, boundNanos: 9000 });
    expect((await usage('run')).total).toMatchObject({
      costNanos: 9000n,
      uncertainNanos: 4000n,
      atMostNanos: 13_000n,
    });
  });

  it('a key of one’s own: the fee and what the provider behind it takes', async () => {
    await open('own', '2026-11-23T12:00:00.000Z');
    await settle('own', { costNanos: 2100, metadata: { byok: true, feeNanos: 100, upstreamNanos: 2000 } });
    await open('other', '2026-11-23T12:00:00.000Z');
    await settle('other');
    expect((await usage('run')).total).toMatchObject({
      costNanos: 4100n,
      byok: 1,
      feeNanos: 100n,
      upstreamNanos: 2000n,
    });
  });

  it('days end at midnight UTC, also for a time written with an offset', async () => {
    await open('a', '2026-11-23T23:59:59.999Z');
    await open('b', '2026-11-24T00:00:00.000Z');
    await open('c', '2026-11-24T23:30:00.000-05:00');
    expect((await usage('day')).rows.map(({ name, requests }) => [name, requests])).toEqual([
      ['2026-11-23', 1],
      ['2026-11-24', 1],
      ['2026-11-25', 1],
    ]);
  });

  it('groups by run and by model, oldest first', async () => {
    await open('a', '2026-11-24T00:00:00.000Z', { runId: 'run-a', model: 'x/large' });
    await open('b', '2026-11-23T00:00:00.000Z', { runId: 'run-b', model: 'x/small' });
    await open('c', '2026-11-25T00:00:00.000Z', { runId: 'run-b', model: 'x/small' });
    expect((await usage('run')).rows).toMatchObject([
      {
        name: 'run-b',
        requests: 2,
        firstAt: '2026-11-23T00:00:00.000Z',
        lastAt: '2026-11-25T00:00:00.000Z',
      },
      { name: 'run-a', requests: 1 },
    ]);
    expect((await usage('model')).rows.map((row) => row.name)).toEqual(['x/small', 'x/large']);
  });

  it('the newest groups at most, and the total of all', async () => {
    for (const day of [21, 22, 23, 24]) {
      await open(`r${day}`, `2026-11-${day}T00:00:00.000Z`);
      await settle(`r${day}`);
    }
    const { rows, total, leftOut } = await usage('day', { limit: 2 });
    expect(rows.map((row) => row.name)).toEqual(['2026-11-23', '2026-11-24']);
    expect(total).toMatchObject({ requests: 4, costNanos: 8000n });
    expect(leftOut).toBe(2);
  });

  it('sums past 2^53 nanodollars are exact', async () => {
    const most = Number.MAX_SAFE_INTEGER;
    for (const id of ['a', 'b', 'c']) {
      await open(id, '2026-11-23T12:00:00.000Z', { boundNanos: most });
      await settle(id, { costNanos: most });
    }
    await open('d', '2026-11-23T12:00:00.000Z', { boundNanos: most });
    const sum = 3n * BigInt(most);
    expect((await usage('run')).total).toMatchObject({
      costNanos: sum,
      providerNanos: sum,
      atMostNanos: sum + BigInt(most),
    });
  });

  it('an attempt whose metadata is damaged still counts', async () => {
    await open('a', '2026-11-23T12:00:00.000Z');
    await settle('a');
    await site.sql('UPDATE api_usage SET extra_metadata = \'{"cost_source": \'');
    expect((await usage('run')).total).toMatchObject({ settled: 1, costNanos: 2000n, providerNanos: 0n });
  });

  it('nothing spent adds up to nothing', async () => {
    expect(await usage('run')).toMatchObject({
      rows: [],
      leftOut: 0,
      total: { requests: 0, costNanos: 0n, uncertainNanos: 0n, atMostNanos: 0n, firstAt: '' },
    });
  });
});

describe('a look at what a store has spent', () => {
  let site: Place & { path: string };
  beforeEach(async () => {
    site = await filePlace();
  });
  afterEach(() => site.close());
  const settings = () => loadSettings({ TURSO_DATABASE_URL: site.url }, join(site.path, '..'));
  const look = () => withStore(settings(), (store) => store.usage('run', ALL));
  const digest = () => createHash('sha256').update(readFileSync(site.path)).digest('hex');

  it("the old script's has no ledger, and not a byte of it changes", async () => {
    for (const statement of OLD_TABLE) await site.sql(statement);
    const before = digest();
    expect(await look()).toBeNull();
    expect(digest()).toBe(before);
    expect(existsSync(`${site.path}-wal`)).toBe(false);
  });

  it.skipIf(process.getuid?.() === 0)('one that may only be read is read', async () => {
    const store = await site.open();
    await store.migrate();
    await store.openAttempts([attempt('r1')]);
    await store.close();
    chmodSync(site.path, 0o400);
    expect((await look())?.total.pending).toBe(1);
  });

  it('one that is not there is not made', async () => {
    expect(await look()).toBeNull();
    await expect(openStore({ url: site.url, readOnly: true })).rejects.toMatchObject({
      message: expect.stringContaining('ENOENT'),
    });
    expect(existsSync(site.path)).toBe(false);
  });

  it("somebody else's api_usage is named, and left alone", async () => {
    await site.sql('CREATE TABLE api_usage (id INTEGER PRIMARY KEY, cost REAL)');
    const before = digest();
    await expect(look()).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('api_usage was not created by this program'),
    });
    expect(digest()).toBe(before);
  });

  it('one that is being written to is read as it was before', async () => {
    const store = await site.open();
    await store.migrate();
    await store.openAttempts([attempt('r1')]);
    const client = createClient({ url: site.url });
    const writing = await client.transaction('write');
    await writing.execute("UPDATE api_usage SET status = 'failed'");
    expect((await look())?.total).toMatchObject({ pending: 1, failed: 0 });
    await writing.rollback();
    client.close();
  });

  it('a store opened for reading refuses to write', async () => {
    await (await site.open()).migrate();
    const store = await openStore({ url: site.url, readOnly: true });
    await expect(store.openAttempts([attempt('r1')])).rejects.toThrow('reading only');
    expect((await store.usage('run', ALL))?.total.requests).toBe(0);
    await store.close();
  });
});
