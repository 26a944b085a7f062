import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../src/engines/libsql/index.js';
import type { Store } from '../../src/engines/store.js';
import type { VectorRow } from '../../src/engines/types.js';
import { type SlowLink, startSlowLink } from '../support/slow-link.js';
import { startSqld, type TestSqld } from '../support/sqld.js';
import { attempt, batch, row, vector } from './rows.js';
import { raw } from './scene.js';

const BATCHES = 8;
const SIZE = 40;
/** Shorter than one batch takes on the link, as 30 seconds were on one of 1.4 Mbit/s. */
const DEADLINE_MS = 800;

let sqld: TestSqld;
let link: SlowLink;
let store: Store;
beforeAll(async () => {
  sqld = await startSqld();
  link = await startSlowLink(sqld.url, 10_000_000);
  const first = await openStore({ url: sqld.url });
  await first.migrate();
  await first.close();
  store = await openStore({ url: link.url, deadlineMs: DEADLINE_MS, leaseMs: 12_000 });
});
afterAll(async () => {
  await store?.close();
  await link?.close();
  await sqld?.stop();
});

const rowsOf = (number: number): VectorRow[] =>
  Array.from({ length: SIZE }, (_, at) => ({
    ...row(number * SIZE + at),
    vector: vector(number + 1, 1536),
  }));

test('on a link on which one batch takes longer than a deadline all is stored, and claims stay claimed', async () => {
  const attempts = Array.from({ length: BATCHES }, (_, number) =>
    attempt(`r${number}`, { batchId: `b${number}`, hashes: rowsOf(number).map((each) => each.contentHash) }),
  );
  const claims = await Promise.all(
    attempts.map((each, number) =>
      store.claim(
        each,
        rowsOf(number).map(({ sampleId }) => sampleId),
      ),
    ),
  );
  // 330 kB a batch, as base64.
  link.setRate(160_000);
  const commits = attempts.map((each, number) =>
    store.commit(
      batch({
        batchId: each.batchId,
        fence: claims[number]?.fence ?? 0,
        vectors: rowsOf(number),
        settlements: [
          {
            requestId: each.requestId,
            status: 'settled',
            tokens: 10,
            costNanos: 200,
            costSource: 'provider',
          },
        ],
      }),
    ),
  );
  // Longer than a lease after the claims another run asks for the texts that are on their way.
  await new Promise((resolve) => setTimeout(resolve, 13_500));
  const other = await openStore({ url: sqld.url });
  const last = rowsOf(BATCHES - 1);
  const rival = attempt('rival', { runId: 'run-2', hashes: last.map((each) => each.contentHash) });
  const claim = await other.claim(
    rival,
    last.map(({ sampleId }) => sampleId),
  );
  // All are being bought, or are stored by now: nothing is left to buy.
  const taken = last.filter(
    ({ contentHash }) => claim.pendingElsewhere.has(contentHash) || claim.available.has(contentHash),
  );
  expect(taken).toHaveLength(SIZE);
  await other.withdraw(['rival']);
  await other.close();

  const outcomes = await Promise.allSettled(commits);
  expect(outcomes.map(({ status }) => status)).toEqual(new Array(BATCHES).fill('fulfilled'));
  const [stored] = await raw(sqld.url, 'SELECT COUNT(*) AS n FROM sample_embeddings');
  expect(Number(stored?.n)).toBe(BATCHES * SIZE);
});

test('a server that answers nothing is given up, and found again when it answers', async () => {
  link.setRate(1);
  const begun = store.commit(batch({ vectors: rowsOf(50).slice(0, 1) }));
  await expect(begun).rejects.toThrow(/store/);
  link.setRate(10_000_000);
  await expect
    .poll(
      () =>
        store.storedRows([1]).then(
          (rows) => rows.length,
          () => -1,
        ),
      { timeout: 20_000 },
    )
    .toBe(1);
});
