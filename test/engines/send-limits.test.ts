import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { connect } from '../../src/engines/libsql/connection.js';
import { openStore } from '../../src/engines/libsql/index.js';
import { createSendLimits } from '../../src/engines/libsql/send-limits.js';
import { createPacer, type Pacer } from '../../src/providers/pacing/pacer.js';
import { startSqld } from '../support/sqld.js';

const folder = mkdtempSync(join(tmpdir(), 'send-limits-'));
const connections: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const connection of connections) await connection.close();
  rmSync(folder, { recursive: true, force: true });
});

/** 2026, in the clock of a store that is told the time. */
const BEGIN = 1_790_000_000_000;

const store = await (async () => {
  const url = `file:${join(folder, 'store.db')}`;
  const migrated = await openStore({ url });
  await migrated.migrate();
  await migrated.close();
  const connection = await connect({ url });
  connections.push(connection);
  return connection;
})();

/** A store in which nothing is booked; time passes only when somebody sleeps. */
async function scene() {
  await store.write('empty', ['DELETE FROM send_limits', 'DELETE FROM send_log']);
  let now = 0;
  const sends: { at: number; amount: number }[] = [];
  const limits = createSendLimits(store, () => `${(BEGIN + now).toFixed(3)}`);
  return {
    sends,
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
    pacer: (stated: { requestsPerMinute: number | null; tokensPerMinute: number | null }) =>
      createPacer({
        ...stated,
        book: limits.bookSending,
        clock: {
          async sleep(ms) {
            now += ms;
          },
        },
      }),
    async send(pacer: Pacer, amount: number) {
      await pacer.take(amount);
      sends.push({ at: now, amount });
    },
  };
}

async function send(
  limits: { requestsPerMinute: number | null; tokensPerMinute: number | null },
  amounts: number[],
) {
  const { sends, send, pacer } = await scene();
  const own = pacer(limits);
  for (const amount of amounts) await send(own, amount);
  return sends;
}

/** The most that left within any 60 seconds, its beginning included. */
function mostInAMinute(sends: { at: number; amount: number }[]): number {
  const within = (start: number) => sends.filter(({ at }) => at >= start && at < start + 60_000);
  return Math.max(...sends.map(({ at }) => within(at).reduce((sum, { amount }) => sum + amount, 0)));
}

test('spreads requests over the minute instead of stopping at its end', async () => {
  const sends = await send({ requestsPerMinute: 60, tokensPerMinute: null }, new Array(10).fill(1));
  const gaps = sends.slice(1).map(({ at }, index) => at - (sends[index]?.at ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(1100);
  expect(Math.min(...gaps)).toBeGreaterThan(1000);
});

test('lets one second’s worth go at once', async () => {
  const sends = await send({ requestsPerMinute: 610, tokensPerMinute: null }, new Array(12).fill(1));
  expect(sends.filter(({ at }) => at === 0)).toHaveLength(10);
});

test('uses nearly all of a limit', async () => {
  const sends = await send({ requestsPerMinute: 600, tokensPerMinute: null }, new Array(3000).fill(1));
  expect(sends.at(-1)?.at).toBeLessThan(5.13 * 60_000);
});

test('never exceeds either limit in any minute', async () => {
  const perMinute = fc.integer({ min: 1, max: 200 });
  await fc.assert(
    fc.asyncProperty(
      perMinute,
      perMinute,
      fc.array(fc.nat(60), { minLength: 1, maxLength: 80 }),
      async (r, t, amounts) => {
        const limit = Math.max(t, ...amounts);
        const sends = await send({ requestsPerMinute: r, tokensPerMinute: limit }, amounts);
        expect(mostInAMinute(sends)).toBeLessThanOrEqual(limit);
        expect(mostInAMinute(sends.map(({ at }) => ({ at, amount: 1 })))).toBeLessThanOrEqual(r);
      },
    ),
    { numRuns: 60 },
  );
});

test('a large amount is paid for before and after it', async () => {
  const small = new Array(30).fill(10);
  const sends = await send({ requestsPerMinute: null, tokensPerMinute: 1000 }, [...small, 900, ...small]);
  expect(mostInAMinute(sends)).toBeLessThanOrEqual(1000);
});

test('a request larger than the whole limit goes alone', async () => {
  const sends = await send({ requestsPerMinute: null, tokensPerMinute: 1000 }, [10, 5000, 10]);
  expect((sends[1]?.at ?? 0) - (sends[0]?.at ?? 0)).toBeGreaterThanOrEqual(60_000);
  expect((sends[2]?.at ?? 0) - (sends[1]?.at ?? 0)).toBeGreaterThanOrEqual(60_000);
});

test('workers that come and go share one limit: all of it is used, and never more', async () => {
  const { sends, send, pacer, now } = await scene();
  const stated = { requestsPerMinute: 120, tokensPerMinute: null };
  let up = [pacer(stated), pacer(stated), pacer(stated)];
  for (let turn = 0; now() < 10 * 60_000; turn++) {
    // Two leave without a word, then one more joins, twice.
    if (turn === 300) up = up.slice(2);
    if (turn === 600 || turn === 700) up.push(pacer(stated));
    await send(up[turn % up.length] as Pacer, 1);
  }
  expect(mostInAMinute(sends)).toBeLessThanOrEqual(120);
  expect(sends.length).toBeGreaterThan(0.97 * 1200);
});

test.each([0.5, 0.94, 1.7])(
  'estimates that are wrong by %d are corrected by what the provider counts',
  async (actual) => {
    const { now, pacer } = await scene();
    const own = pacer({ requestsPerMinute: null, tokensPerMinute: 60_000 });
    let counted = 0;
    while (now() < 20 * 60_000) {
      await own.take(500);
      counted += 500 * actual;
      own.counted(500, 500 * actual);
      // A repeat from the cache says nothing about texts.
      own.counted(500, 0);
    }
    expect(counted / 20 / 60_000).toBeGreaterThan(0.97);
    expect(counted / 20 / 60_000).toBeLessThan(1.01);
  },
);

test('a clock of the store that was set back by a day holds nobody up', async () => {
  const { sends, send, pacer, pass } = await scene();
  const own = pacer({ requestsPerMinute: 60, tokensPerMinute: null });
  for (let at = 0; at < 5; at++) await send(own, 1);
  pass(-24 * 60 * 60_000);
  const before = sends.at(-1)?.at ?? 0;
  await send(own, 1);
  expect((sends.at(-1)?.at ?? 0) - before + 24 * 60 * 60_000).toBeLessThan(2000);
});

test('four processes’ worth of bookings at once on a libSQL server: one line, in one order', async () => {
  const sqld = await startSqld();
  try {
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore({ url: sqld.url })));
    await stores[0]?.migrate();
    const uses = [{ name: 'requests', perMinute: 60, amount: 1 } as const];
    const waits = await Promise.all(
      stores.flatMap((each) => Array.from({ length: 5 }, () => each.bookSending(uses))),
    );
    // A second's worth goes at once, and each later one about a second after the one before.
    const sorted = waits.sort((a, b) => a - b);
    for (const [index, wait] of sorted.entries())
      expect(Math.abs(wait - Math.max(0, index * 1017))).toBeLessThan(2500);
    expect(new Set(sorted.map((wait) => Math.round(wait / 1017))).size).toBeGreaterThan(16);
    for (const each of stores) await each.close();
  } finally {
    await sqld.stop();
  }
});
