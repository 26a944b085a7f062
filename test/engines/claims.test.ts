import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/engines/store.js';
import type { Claim } from '../../src/engines/types.js';
import { PLACES, type Place } from './places.js';
import { attempt, batch, failure, row, run } from './rows.js';

const HASHES = ['h1', 'h2', 'h3'];
const ROWS = [row(1), row(2), row(3)];
const IDS = [1, 2, 3];
const A = { runId: 'run-a', batchId: 'b1' };
const B = { runId: 'run-b', batchId: 'b1' };
const settled = (requestId: string) =>
  ({
    requestId,
    status: 'settled',
    tokens: 100,
    costNanos: 2000,
    boundNanos: 2000,
    costSource: 'provider',
  }) as const;

describe.each(PLACES)('claims in %s', (_name, make) => {
  let site: Place;
  let store: Store;
  beforeEach(async () => {
    site = await make();
    store = await site.open();
    await store.migrate();
  });
  afterEach(() => site.close());

  const statuses = async () =>
    Object.fromEntries(
      (await site.sql('SELECT request_id, status FROM api_usage')).map((each) => [
        each.request_id,
        each.status,
      ]),
    );
  /** What a batch does about its texts, bought by `buy`. Returns how many it bought. */
  const embed = async (own: Store, batchOf: typeof A, buy: (hashes: string[]) => Promise<void>) => {
    let bought = 0;
    let open = [...ROWS];
    for (let turn = 1; open.length > 0; turn++) {
      const wanted = open.map((each) => each.contentHash);
      const mine = attempt(`${batchOf.runId}-${turn}`, { ...batchOf, hashes: wanted });
      const claim: Claim = await own.claim(mine, IDS);
      const stored = new Set(claim.stored.map((each) => each.contentHash));
      open = open.filter((each) => !stored.has(each.contentHash));
      const copies = open.filter((each) => claim.available.has(each.contentHash));
      const rest = open.filter((each) => !claim.available.has(each.contentHash));
      const elsewhere = rest.filter((each) => claim.pendingElsewhere.has(each.contentHash));
      const vectors = rest.filter((each) => !claim.pendingElsewhere.has(each.contentHash));
      bought += vectors.length;
      const fence = claim.fence;
      if (vectors.length === 0) {
        await own.withdraw([mine.requestId]);
        await own.commit(batch({ ...batchOf, fence, copies }));
      } else {
        await own.openAttempts([{ ...mine, hashes: vectors.map((each) => each.contentHash) }]);
        await buy(vectors.map((each) => each.contentHash));
        await own.commit(
          batch({ ...batchOf, fence, copies, vectors, settlements: [settled(mine.requestId)] }),
        );
      }
      open = elsewhere;
      const waiting = open.map((each) => each.contentHash);
      while (await own.stillPending(waiting, batchOf)) await wait(20);
    }
    return bought;
  };

  it('two homes over one store buy each text once', async () => {
    const homes = [await site.open(20_000), await site.open(20_000)];
    const paid: string[] = [];
    const buy = async (hashes: string[]): Promise<void> => {
      await wait(200);
      paid.push(...hashes);
    };
    const counts = await Promise.all([embed(homes[0] as Store, A, buy), embed(homes[1] as Store, B, buy)]);
    expect(paid.sort()).toEqual(HASHES);
    expect([...counts].sort()).toEqual([0, 3]);
    expect((await store.storedRows(IDS)).map((each) => each.contentHash)).toEqual(HASHES);
  });

  it('a text of another run is waited for while its lease is renewed, and bought once that has expired', async () => {
    const dying = await site.open(10_000, 1000);
    await dying.claim(attempt('lost', { ...A, hashes: HASHES }), IDS);
    const claim = () => store.claim(attempt('r1', { ...B, hashes: HASHES }), IDS);
    // Longer than a lease: it has been renewed.
    await wait(1500);
    expect((await claim()).pendingElsewhere).toEqual(new Set(HASHES));
    expect(await store.stillPending(HASHES, B)).toBe(true);
    await dying.close();
    await expect.poll(() => store.stillPending(HASHES, B), { timeout: 10_000 }).toBe(false);
    expect((await claim()).pendingElsewhere).toEqual(new Set());
    expect(await statuses()).toEqual({ lost: 'uncertain', r1: 'pending' });
  });

  it("a run's own attempt is waited for whatever its lease, until its batch has come back", async () => {
    await store.claim(attempt('lost', { ...A, hashes: HASHES }), IDS);
    await site.sql('UPDATE api_usage SET lease_until = 1');
    const other = { ...A, batchId: 'b2' };
    const claim = await store.claim(attempt('r1', { ...other, hashes: HASHES }), IDS);
    expect(claim.pendingElsewhere).toEqual(new Set(HASHES));
    expect(claim.gaveUpAgoMs).toBeNull();
    expect(await store.stillPending(HASHES, other)).toBe(true);
    await store.fence(A);
    expect(await statuses()).toMatchObject({ lost: 'uncertain' });
    expect(await store.stillPending(HASHES, other)).toBe(false);
  });

  it.each([
    ['stood still', { monotonic: 2000, wall: 2000 }],
    ['slept with its machine', { monotonic: 10, wall: 60_000 }],
  ])('a process that %s asks whether an attempt is still its own', async (_what, later) => {
    let at = { monotonic: 0, wall: 0 };
    const stopped = await site.open(10_000, undefined, { clock: () => at });
    await stopped.claim(attempt('q1', { ...A, hashes: ['h1'] }), IDS);
    await stopped.openAttempts([attempt('q2', { ...A, hashes: ['h2'] })]);
    // Others buy the texts of q1, which this process cannot know as long as it did not stand still.
    await site.sql("UPDATE api_usage SET status = 'uncertain' WHERE request_id = 'q1'");
    expect(await stopped.holdsAttempt('q1')).toBe(true);
    at = later;
    expect(await stopped.holdsAttempt('q1')).toBe(false);
    expect(await stopped.holdsAttempt('q2')).toBe(true);
    // It was asked about since.
    await site.sql("UPDATE api_usage SET status = 'uncertain' WHERE request_id = 'q2'");
    expect(await stopped.holdsAttempt('q2')).toBe(true);
    await stopped.withdraw(['q1', 'q2']);
    expect(await statuses()).toEqual({});
  });

  it('a lease that ends in a far future, by a clock that was wrong, holds nobody up', async () => {
    await store.claim(attempt('odd', { ...A, hashes: HASHES }), IDS);
    await site.sql('UPDATE api_usage SET lease_until = lease_until + 86400000');
    const claim = await store.claim(attempt('r1', { ...B, hashes: HASHES }), IDS);
    expect(claim.pendingElsewhere).toEqual(new Set());
  });

  it('says how long ago an attempt was opened that a claim gives up on, by the clock of the store', async () => {
    await store.claim(attempt('q1', A), IDS);
    await wait(300);
    const { gaveUpAgoMs } = await store.claim(attempt('q2', A), IDS);
    expect(gaveUpAgoMs).toBeGreaterThanOrEqual(290);
    expect(gaveUpAgoMs).toBeLessThan(60_000);
    // Written by an older version on a machine whose clock is ahead.
    await site.sql("UPDATE api_usage SET created_at = '2199-01-01T00:00:00.000Z' WHERE request_id = 'q2'");
    expect((await store.claim(attempt('q3', A), IDS)).gaveUpAgoMs).toBe(0);
  });

  it('stillPending: until one of the texts is there, or is not being bought any more', async () => {
    await store.claim(attempt('q1', { ...A, hashes: ['h1', 'h2'] }), IDS);
    expect(await store.stillPending(['h1', 'h2', 'h1'], B)).toBe(true);
    expect(await store.stillPending(['h1', 'h3'], B)).toBe(false);
    expect(await store.stillPending([], B)).toBe(false);
    // Its own attempts do not count.
    expect(await store.stillPending(['h1'], A)).toBe(false);
    await store.openAttempts([attempt('q1', { ...A, hashes: ['h1'] })]);
    expect(await store.stillPending(['h1', 'h2'], B)).toBe(false);
    await store.commit(batch({ ...A, vectors: [row(1)] }));
    expect(await store.stillPending(['h1'], B)).toBe(false);
    // A reset run waits for what is bought anew.
    expect(await store.stillPending(['h1'], { ...B, onlyRun: B.runId })).toBe(true);
  });

  it('openAttempts: all or none; one that was given up is not narrowed', async () => {
    await store.claim(attempt('q1', { ...A, hashes: HASHES }), IDS);
    await store.openAttempts([
      attempt('q1', { ...A, hashes: ['h1'], boundNanos: 10 }),
      attempt('q2', { ...A, hashes: ['h2'], boundNanos: 20 }),
    ]);
    await store.openAttempts([]);
    expect(await store.accountBatch(A.runId, A.batchId)).toMatchObject({ requests: 2, uncertainNanos: 30 });
    await store.claim(attempt('q3', { ...A, hashes: HASHES }), IDS);
    const late = store.openAttempts([attempt('q4', A), attempt('q2', { ...A, hashes: ['h2'] })]);
    await expect(late).rejects.toThrow(/given up.*claimed again/);
    expect(await statuses()).toEqual({ q1: 'uncertain', q2: 'uncertain', q3: 'pending' });
  });

  it('a commit opens further attempts as it settles one, so that no text is unclaimed between', async () => {
    await store.claim(attempt('q1', { ...A, hashes: HASHES }), IDS);
    const halves = [attempt('q2', { ...A, hashes: ['h1', 'h2'] }), attempt('q3', { ...A, hashes: ['h3'] })];
    const refused = { ...settled('q1'), status: 'failed', costNanos: 0, boundNanos: 0 } as const;
    const change = batch({ ...A, settlements: [refused], opens: halves });
    await store.commit(change);
    await store.commit(change);
    expect(await statuses()).toEqual({ q1: 'failed', q2: 'pending', q3: 'pending' });
    const claim = await store.claim(attempt('r1', { ...B, hashes: HASHES }), IDS);
    expect(claim.pendingElsewhere).toEqual(new Set(HASHES));
    await store.commit(batch({ ...A, settlements: [settled('q2')] }));
    await store.commit(change);
    expect(await statuses()).toMatchObject({ q2: 'settled', q3: 'pending' });
  });

  it('withdraw takes back what was never sent, also where it was given up meanwhile', async () => {
    await store.claim(attempt('q1', A), IDS);
    await store.claim(attempt('q2', A), IDS);
    await store.openAttempts([attempt('q3', A)]);
    const unanswered = { ...settled('q3'), status: 'uncertain', costNanos: null, tokens: null } as const;
    await store.commit(batch({ ...A, settlements: [unanswered] }));
    await store.withdraw(['q1', 'q2', 'q3']);
    await store.withdraw([]);
    expect(await statuses()).toEqual({ q3: 'uncertain' });
  });

  it('damaged hashes in the ledger hold nobody up', async () => {
    await store.claim(attempt('q1', { ...A, hashes: HASHES }), IDS);
    await site.sql("UPDATE api_usage SET text_hashes = '[\"h1'");
    expect((await store.claim(attempt('r1', { ...B, hashes: HASHES }), IDS)).pendingElsewhere).toEqual(
      new Set(),
    );
  });

  it('fences only grow, in every process, also after the counter was lost', async () => {
    const other = await site.open();
    const first = [await store.fence(), await other.fence(), (await store.claim(attempt('q1'), [])).fence];
    expect(first).toEqual([...first].sort((a, b) => a - b));
    expect(new Set(first).size).toBe(3);
    await store.commit(batch({ fence: first[2] ?? 0, vectors: [row(1, 'old')] }));
    await site.sql('DELETE FROM embedding_fence');
    // A row whose fence this store never gave out, as one copied from another store has, holds nobody up.
    const { fence } = await store.claim(attempt('q2'), [1]);
    expect(await store.commit(batch({ fence, vectors: [row(1, 'new')] }))).toMatchObject({ superseded: [] });
    expect(await store.storedRows([1])).toMatchObject([{ contentHash: 'new' }]);
  });

  it('within one run too, a late writer whose batch was claimed again changes nothing that was written since', async () => {
    await store.saveRun(run());
    const late = await store.claim(attempt('q1', { hashes: HASHES }), IDS);
    const newer = await store.claim(attempt('q2', { hashes: HASHES }), IDS);
    await store.commit(
      batch({ fence: newer.fence, vectors: [row(1, 'edited')], failures: [failure(2, 'newer')] }),
    );
    const result = await store.commit(
      batch({ fence: late.fence, vectors: [row(1), row(3)], failures: [failure(2, 'late')] }),
    );
    expect(result.superseded).toEqual([1]);
    expect(await store.storedRows(IDS)).toMatchObject([{ contentHash: 'edited' }, { contentHash: 'h3' }]);
    expect(await store.failuresOf(IDS)).toMatchObject([{ sampleId: 2, message: 'newer' }]);
    // Nor does a late vector clear a newer failure.
    await store.commit(batch({ fence: late.fence, vectors: [row(2)] }));
    expect(await store.failuresOf(IDS)).toMatchObject([{ sampleId: 2, message: 'newer' }]);
    expect((await store.latestRun())?.totals).toMatchObject({ failed: 1 });
  });
});
