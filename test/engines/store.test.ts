import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/engines/libsql/index.js';
import type { Store } from '../../src/engines/store.js';
import type { BatchCommit } from '../../src/engines/types.js';
import {
  attempt,
  backends,
  batch,
  EARLY,
  failure,
  LATE,
  MODEL,
  raw,
  run,
  settlement,
  vectorOf,
  vectorRow,
} from './scene.js';

describe.each(backends())('store on $name', (backend) => {
  let url = '';
  let store: Store;

  const row = async (sampleId: number) =>
    (
      await raw(url, {
        sql: 'SELECT *, hex(vibe_vector) AS hex FROM sample_embeddings WHERE sample_id = ?',
        args: [BigInt(sampleId)],
      })
    )[0];
  const usage = async (requestId: string) =>
    (await raw(url, { sql: 'SELECT * FROM api_usage WHERE request_id = ?', args: [requestId] }))[0];
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();

  beforeAll(() => backend.start());
  afterAll(() => backend.stop());
  beforeEach(async () => {
    url = await backend.empty();
    store = await openStore({ url });
  });
  afterEach(() => store.close());

  describe('before any table is there', () => {
    it('knows no run', async () => {
      expect(await store.latestRun()).toBeNull();
      expect(await store.latestRun('run-1')).toBeNull();
    });
  });

  describe('with its tables', () => {
    beforeEach(() => store.migrate());

    describe('attempts', () => {
      it('claim: a pending row, and what is there already', async () => {
        await store.commit(batch({ vectors: [vectorRow(1), vectorRow(2)] }));
        await store.openAttempts([
          attempt('elsewhere', { batchId: 'batch-2', hashes: ['b', 'x', 'hash-1'] }),
        ]);
        await store.openAttempts([
          attempt('other-run', { runId: 'run-9', batchId: 'batch-3', hashes: ['a'] }),
        ]);
        const claim = await store.claim(attempt('q1', { hashes: ['a', 'b', 'c', 'hash-1'] }), [1, 3]);
        expect(claim.stored).toEqual([
          { sampleId: 1, contentHash: 'hash-1', runId: 'run-1', vectorBytes: 32, source: null },
        ]);
        expect(claim.available).toEqual(new Set(['hash-1']));
        expect(claim.pendingElsewhere).toEqual(new Set(['a', 'b', 'hash-1']));
        const q1 = await usage('q1');
        expect(q1).toMatchObject({
          run_id: 'run-1',
          batch_id: 'batch-1',
          model: MODEL,
          operation: 'embeddings',
          status: 'pending',
          total_tokens: null,
          total_cost: null,
          total_cost_nanos: null,
          settled_at: null,
        });
        expect(JSON.parse(String(q1?.extra_metadata))).toEqual({ bound_nanos: 1000 });
        expect(await store.accountBatch('run-1', 'batch-1')).toEqual({
          requests: 1,
          tokens: 0,
          costNanos: 0,
          uncertainNanos: 1000,
          unpriced: 0,
          nanosPerToken: null,
        });
      });

      it('claim again: the older pending row is uncertain, and waits for nothing', async () => {
        await store.claim(attempt('q1', { hashes: ['a'] }), [1]);
        await store.claim(attempt('other', { batchId: 'batch-2', hashes: ['z'] }), [9]);
        const again = await store.claim(attempt('q2', { hashes: ['a'] }), [1]);
        expect(again.pendingElsewhere).toEqual(new Set());
        expect(await usage('q1')).toMatchObject({
          status: 'uncertain',
          text_hashes: null,
          total_cost_nanos: null,
        });
        expect(await usage('q2')).toMatchObject({ status: 'pending' });
        expect(await usage('other')).toMatchObject({ status: 'pending' });
        expect(again.gaveUpAgoMs).toBeLessThan(60_000);
        // Its answer may still come: then it is known what it cost.
        await store.commit(batch({ settlements: [settlement('q1')] }));
        expect(await usage('q1')).toMatchObject({ status: 'settled', total_cost_nanos: 2000 });
        await store.commit(batch({ settlements: [settlement('q1', { status: 'failed', costNanos: 0 })] }));
        expect(await usage('q1')).toMatchObject({ status: 'settled', total_cost_nanos: 2000 });
      });

      it('claim: nothing asked, nothing found', async () => {
        const claim = await store.claim(attempt('q1', { boundNanos: null }), []);
        expect(claim).toEqual({
          stored: [],
          available: new Set(),
          pendingElsewhere: new Set(),
          gaveUpAgoMs: null,
          fence: 1,
          refused: new Map(),
        });
        expect(JSON.parse(String((await usage('q1'))?.extra_metadata))).toEqual({ bound_nanos: null });
      });

      it('claim tells which of its samples this run has written down as failed', async () => {
        await store.commit(batch({ failures: [failure(1), failure(2, { permanent: false }), failure(3)] }));
        await store.commit(batch({ runId: 'run-2', runStartedAt: LATE, failures: [failure(4)] }));
        const { refused } = await store.claim(attempt('q1'), [1, 2, 4]);
        expect([...refused.keys()]).toEqual([1, 2]);
        expect(refused.get(1)).toMatchObject({ contentHash: 'hash-1', permanent: true, runId: 'run-1' });
        expect(refused.get(2)).toMatchObject({ permanent: false });
      });

      it('a commit says what the ledger holds for its batch afterwards', async () => {
        await store.openAttempts([attempt('q1', { boundNanos: 5000 })]);
        await store.openAttempts([attempt('q2', { boundNanos: 700 })]);
        await store.openAttempts([attempt('q3', { batchId: 'another' })]);
        const { account, superseded } = await store.commit(
          batch({ vectors: [vectorRow(1)], settlements: [settlement('q1', { boundNanos: 2000 })] }),
        );
        expect(superseded).toEqual([]);
        expect(account).toMatchObject({ requests: 2, tokens: 100, uncertainNanos: 700, nanosPerToken: 20 });
        expect(account).toEqual(await store.accountBatch('run-1', 'batch-1'));
      });

      it('claim of a reset run: only what it bought itself is available', async () => {
        await store.commit(batch({ vectors: [vectorRow(1)] }));
        await store.commit(batch({ runId: 'run-2', runStartedAt: LATE, vectors: [vectorRow(2)] }));
        const mine = attempt('q1', { runId: 'run-2', hashes: ['hash-1', 'hash-2'] });
        expect((await store.claim(mine, [], { onlyRun: 'run-2' })).available).toEqual(new Set(['hash-2']));
        expect((await store.claim({ ...mine, requestId: 'q2' }, [])).available.size).toBe(2);
      });

      it('a claim that is repeated, since its answer was lost, is one claim', async () => {
        const first = await store.claim(attempt('q1', { hashes: ['a'] }), [1]);
        const again = await store.claim(attempt('q1', { hashes: ['a'], boundNanos: 700 }), [1]);
        expect(again).toMatchObject({ gaveUpAgoMs: null, pendingElsewhere: new Set() });
        expect(again.fence).toBeGreaterThan(first.fence);
        expect(await store.accountBatch('run-1', 'batch-1')).toMatchObject({
          requests: 1,
          uncertainNanos: 700,
        });
      });

      it('a claim of an attempt that was settled changes nothing', async () => {
        await store.claim(attempt('q1'), [1]);
        await store.commit(batch({ settlements: [settlement('q1')] }));
        await expect(store.claim(attempt('q1'), [1])).rejects.toThrow('given up or settled meanwhile');
        expect(await usage('q1')).toMatchObject({ status: 'settled', total_cost_nanos: 2000 });
      });

      it('withdraw takes back a pending attempt, never a settled one', async () => {
        await store.claim(attempt('q1'), []);
        await store.openAttempts([attempt('q2')]);
        await store.withdraw(['q1']);
        expect(await usage('q1')).toBeUndefined();
        await store.commit(batch({ settlements: [settlement('q2')] }));
        await store.withdraw(['q2']);
        await store.withdraw(['never-there']);
        expect(await usage('q2')).toMatchObject({ status: 'settled' });
      });

      it('openAttempts leaves the first half pending', async () => {
        await store.claim(attempt('q1'), []);
        await store.openAttempts([attempt('q2')]);
        expect((await usage('q1'))?.status).toBe('pending');
        expect((await usage('q2'))?.status).toBe('pending');
        expect((await store.accountBatch('run-1', 'batch-1')).requests).toBe(2);
      });
    });

    describe('the ledger', () => {
      it('settles with exact nanos and dollars', async () => {
        await store.claim(attempt('q1'), []);
        const metadata = { id: 'gen-"1"', status: 200, nested: { cached: true } };
        await store.commit(
          batch({ settlements: [settlement('q1', { tokens: 123_457, costNanos: 2_469_140, metadata })] }),
        );
        const q1 = await usage('q1');
        expect(q1).toMatchObject({
          status: 'settled',
          input_tokens: 123_457,
          output_tokens: 0,
          total_tokens: 123_457,
          input_cost: 0.00246914,
          output_cost: 0,
          total_cost: 0.00246914,
          total_cost_nanos: 2_469_140,
          text_hashes: null,
        });
        expect(q1?.settled_at).toMatch(/^\d{4}-\d\d-\d\dT/);
        expect(JSON.parse(String(q1?.extra_metadata))).toEqual({
          bound_nanos: 1000,
          cost_source: 'provider',
          ...metadata,
        });
        const [types] = await raw(
          url,
          'SELECT typeof(total_cost) AS a, typeof(total_cost_nanos) AS b, typeof(total_tokens) AS c FROM api_usage',
        );
        expect(types).toMatchObject({ a: 'real', b: 'integer', c: 'integer' });
      });

      it.each([
        [1, 1e-9],
        [0, 0],
        [123_456_789_012, 123.456789012],
      ])('%d nanodollars are %d dollars', async (costNanos, dollars) => {
        await store.openAttempts([attempt('q1')]);
        await store.commit(batch({ settlements: [settlement('q1', { costNanos })] }));
        expect(await usage('q1')).toMatchObject({ total_cost: dollars, total_cost_nanos: costNanos });
      });

      it('an unknown cost is NULL, never 0', async () => {
        await store.openAttempts([attempt('q1')]);
        await store.openAttempts([attempt('q2')]);
        await store.commit(
          batch({
            settlements: [
              settlement('q1', { costNanos: null, costSource: 'unknown' }),
              settlement('q2', { status: 'failed', tokens: null, costNanos: null, costSource: 'unknown' }),
            ],
          }),
        );
        const unknown = { input_cost: null, output_cost: null, total_cost: null, total_cost_nanos: null };
        expect(await usage('q1')).toMatchObject({ status: 'settled', total_tokens: 100, ...unknown });
        expect(await usage('q2')).toMatchObject({
          status: 'failed',
          input_tokens: null,
          output_tokens: null,
          total_tokens: null,
          ...unknown,
        });
        expect(await store.accountBatch('run-1', 'batch-1')).toEqual({
          requests: 2,
          tokens: 100,
          costNanos: 0,
          // The failed one was surely not billed.
          uncertainNanos: 1000,
          unpriced: 1,
          nanosPerToken: null,
        });
      });
    });

    describe('vectors', () => {
      it('byte-identical, with text, hash, model, run and date', async () => {
        // A view into a larger buffer: only its own bytes count.
        const larger = new Uint8Array(100).fill(255);
        larger.set(vectorOf(5), 13);
        await store.commit(
          batch({ vectors: [vectorRow(1), vectorRow(5, { vector: larger.subarray(13, 45) })] }),
        );
        expect((await row(1))?.hex).toBe(hex(vectorOf(1)));
        const five = await row(5);
        expect(five).toMatchObject({
          hex: hex(vectorOf(5)),
          embedding_source: 'text 5',
          content_hash: 'hash-5',
          model: MODEL,
          run_id: 'run-1',
          run_started_at: EARLY,
        });
        expect(five?.created_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
        const [types] = await raw(
          url,
          `SELECT typeof(vibe_vector) AS vector, typeof(sample_id) AS id,
          strftime('%s', created_at) IS NOT NULL AS dated FROM sample_embeddings WHERE sample_id = 5`,
        );
        expect(types).toMatchObject({ vector: 'blob', id: 'integer', dated: 1 });
        expect(await store.storedRows([5])).toMatchObject([{ vectorBytes: 32 }]);
      });

      it('ids at the edges', async () => {
        const ids = [0, -5, 1, 9007199254740991, -9007199254740991];
        await store.commit(
          batch({ vectors: ids.map((id) => vectorRow(id)), failures: [failure(9007199254740990)] }),
        );
        const found = (await store.storedRows(ids)).map((stored) => stored.sampleId);
        expect(found.sort((a, b) => a - b)).toEqual([...ids].sort((a, b) => a - b));
        for (const id of ids) expect((await row(id))?.hex).toBe(hex(vectorOf(id)));
        expect(await store.listFailures({ after: 9007199254740989, limit: 10 })).toMatchObject([
          { sampleId: 9007199254740990 },
        ]);
      });

      it.each([
        ['emoji', '🎹👩‍👩‍👧 naïve Ünïcödé 鼓'],
        ['quotes', `'"; DROP TABLE sample_embeddings; -- \\ ? ?1 :a @b $c`],
        ['lines', 'a\r\nb\tc\u2028d'],
        ['nothing', ''],
        ['100 KB', 'dröhn '.repeat(15_000)],
      ])('a text of %s', async (_, text) => {
        await store.commit(
          batch({ vectors: [vectorRow(1, { text })], failures: [failure(2, { message: text })] }),
        );
        expect((await row(1))?.embedding_source).toBe(text);
        expect((await store.failuresOf([2]))[0]?.message).toBe(text);
      });

      it('2,048 rows of 1,536 dimensions at once', async () => {
        await store.saveRun(run());
        const vectors = Array.from({ length: 2048 }, (_, at) =>
          vectorRow(at + 1, { vector: vectorOf(at + 1, 1536) }),
        );
        await store.commit(batch({ vectors }));
        expect(await store.countVectors()).toBe(2048);
        for (const id of [1, 500, 501, 2048]) expect((await row(id))?.hex).toBe(hex(vectorOf(id, 1536)));
        const stored = await store.storedRows(vectors.map(({ sampleId }) => sampleId));
        expect(stored.length).toBe(2048);
        expect(stored.every(({ vectorBytes }) => vectorBytes === 6144)).toBe(true);
        const claim = await store.claim(
          attempt('q1', { hashes: vectors.map(({ contentHash }) => contentHash) }),
          vectors.map(({ sampleId }) => sampleId),
        );
        expect(claim.stored.length).toBe(2048);
        expect(claim.available.size).toBe(2048);
        expect((await store.latestRun())?.totals).toMatchObject({ stored: 2048, lastProcessedId: 2048 });
      });

      it('ten commits at once, all there', async () => {
        await store.saveRun(run());
        await Promise.all(
          Array.from({ length: 10 }, (_, part) =>
            store.commit(
              batch({
                batchId: `batch-${part}`,
                vectors: Array.from({ length: 100 }, (_, at) => vectorRow(part * 100 + at)),
              }),
            ),
          ),
        );
        expect((await raw(url, 'SELECT COUNT(*) AS n FROM sample_embeddings'))[0]?.n).toBe(1000);
        expect((await store.latestRun())?.totals).toMatchObject({ stored: 1000, lastProcessedId: 999 });
      });

      it('a commit is whole or not at all', async () => {
        await store.saveRun(run());
        await store.openAttempts([attempt('q1')]);
        const broken = batch({
          vectors: [vectorRow(1)],
          copies: [{ sampleId: 2, text: 'x', contentHash: 'nobody has it' }],
          failures: [failure(3)],
          settlements: [settlement('q1')],
        });
        await expect(store.commit(broken)).rejects.toThrow(/NOT NULL/);
        expect(await store.countVectors()).toBe(0);
        expect(await store.countFailures()).toBe(0);
        expect((await usage('q1'))?.status).toBe('pending');
        expect((await store.latestRun())?.totals).toEqual({ ...run().totals, requests: 1 });
        // And the connection is as good as before.
        await store.commit({ ...broken, copies: [] });
        expect(await store.countVectors()).toBe(1);
      });
    });

    describe('copies', () => {
      it('take the vector of whoever holds the hash, also of their own batch', async () => {
        await store.saveRun(run());
        await store.commit(batch({ vectors: [vectorRow(1)] }));
        await store.commit(
          batch({
            vectors: [vectorRow(2)],
            copies: [
              { sampleId: 3, text: 'three', contentHash: 'hash-1' },
              { sampleId: 4, text: 'four', contentHash: 'hash-2' },
            ],
          }),
        );
        expect(await row(3)).toMatchObject({
          hex: hex(vectorOf(1)),
          embedding_source: 'three',
          content_hash: 'hash-1',
          model: MODEL,
          run_id: 'run-1',
          run_started_at: EARLY,
        });
        expect((await row(4))?.hex).toBe(hex(vectorOf(2)));
        expect((await store.latestRun())?.totals).toMatchObject({ stored: 4, copied: 2, lastProcessedId: 4 });
      });

      it("of a reset run prefer that run's own vector", async () => {
        await store.commit(batch({ vectors: [vectorRow(1, { contentHash: 'same' })] }));
        const reset = { runId: 'run-2', runStartedAt: LATE };
        await store.commit(batch({ ...reset, vectors: [vectorRow(2, { contentHash: 'same' })] }));
        await store.commit(
          batch({ ...reset, copies: [{ sampleId: 3, text: 'three', contentHash: 'same' }] }),
        );
        expect((await row(3))?.hex).toBe(hex(vectorOf(2)));
      });

      it('replace what the sample held', async () => {
        await store.commit(batch({ vectors: [vectorRow(1), vectorRow(2)], failures: [failure(3)] }));
        await store.commit(batch({ copies: [{ sampleId: 2, text: 'one', contentHash: 'hash-1' }] }));
        expect(await row(2)).toMatchObject({ hex: hex(vectorOf(1)), content_hash: 'hash-1' });
      });
    });

    describe('failures', () => {
      it('are kept, replaced, listed by page and forgotten', async () => {
        await store.commit(batch({ failures: [failure(3), failure(1), failure(2, { contentHash: null })] }));
        await store.commit(
          batch({
            failures: [failure(1, { reason: 'Deleted', message: 'gone', permanent: false, attempts: 4 })],
          }),
        );
        const [one] = await store.failuresOf([1]);
        expect(one).toMatchObject({
          sampleId: 1,
          reason: 'Deleted',
          message: 'gone',
          contentHash: 'hash-1',
          permanent: false,
          attempts: 4,
          runId: 'run-1',
        });
        expect(one?.failedAt).toMatch(/^\d{4}-\d\d-\d\dT/);
        expect(await store.failuresOf([2, 99])).toMatchObject([{ contentHash: null, permanent: true }]);
        expect(await store.failuresOf([])).toEqual([]);
        expect(await store.countFailures()).toBe(3);
        const page = async (after: number | null) =>
          (await store.listFailures({ after, limit: 2 })).map(({ sampleId }) => sampleId);
        expect(await page(null)).toEqual([1, 2]);
        expect(await page(2)).toEqual([3]);
        expect(await page(3)).toEqual([]);
        await store.forgetFailures([1, 3, 77]);
        await store.forgetFailures([]);
        expect(await page(null)).toEqual([2]);
      });

      it('are cleared by a vector and by a copy', async () => {
        await store.commit(batch({ failures: [failure(1), failure(2), failure(3)] }));
        await store.commit(
          batch({
            vectors: [vectorRow(1)],
            copies: [{ sampleId: 2, text: 'two', contentHash: 'hash-1' }],
          }),
        );
        expect((await store.listFailures({ after: null, limit: 9 })).map(({ sampleId }) => sampleId)).toEqual(
          [3],
        );
      });

      it('of a sample that this run or a newer claim has stored are not recorded', async () => {
        await store.saveRun(run());
        await store.commit(batch({ vectors: [vectorRow(1)] }));
        await store.commit(batch({ runId: 'run-2', fence: await store.fence(), vectors: [vectorRow(2)] }));
        await store.commit(batch({ failures: [failure(1), failure(2), failure(3)] }));
        expect((await store.listFailures({ after: null, limit: 9 })).map(({ sampleId }) => sampleId)).toEqual(
          [3],
        );
        expect((await store.latestRun('run-1'))?.totals).toMatchObject({ stored: 1, failed: 1 });
      });

      it('of a later run are recorded though an older vector is there', async () => {
        await store.commit(batch({ vectors: [vectorRow(1)] }));
        await store.commit(batch({ runId: 'run-2', runStartedAt: LATE, failures: [failure(1)] }));
        expect(await store.countFailures()).toBe(1);
        expect((await row(1))?.run_id).toBe('run-1');
      });
    });

    describe('the fence', () => {
      it('an older claim changes no row of a newer one, and says so', async () => {
        await store.saveRun(run());
        const newer = { runId: 'run-2', fence: await store.fence() };
        const fresh = vectorRow(1, { text: 'new', contentHash: 'new', vector: vectorOf(99) });
        await store.commit(batch({ ...newer, vectors: [fresh, vectorRow(2)] }));
        await store.openAttempts([attempt('q1')]);
        const { superseded } = await store.commit(
          batch({
            vectors: [vectorRow(1), vectorRow(3)],
            copies: [{ sampleId: 2, text: 'old', contentHash: 'new' }],
            settlements: [settlement('q1')],
            notedDelta: 1,
          }),
        );
        expect(superseded).toEqual([1, 2]);
        expect(await row(1)).toMatchObject({ hex: hex(vectorOf(99)), content_hash: 'new', run_id: 'run-2' });
        expect(await row(2)).toMatchObject({ hex: hex(vectorOf(2)), run_id: 'run-2' });
        expect(await row(3)).toMatchObject({ run_id: 'run-1' });
        // What was paid is paid, whether it was stored or not.
        expect((await usage('q1'))?.status).toBe('settled');
        expect((await store.latestRun('run-1'))?.totals).toMatchObject({
          stored: 1,
          copied: 0,
          requests: 1,
          costNanos: 2000,
        });
      });

      it('a newer claim replaces an older row', async () => {
        await store.commit(batch({ vectors: [vectorRow(1)] }));
        await store.commit(
          batch({
            fence: await store.fence(),
            runStartedAt: LATE,
            vectors: [vectorRow(1, { vector: vectorOf(7) })],
          }),
        );
        expect(await row(1)).toMatchObject({ hex: hex(vectorOf(7)), run_started_at: LATE });
      });
    });

    describe('totals of a run', () => {
      const full = (): BatchCommit =>
        batch({
          vectors: [vectorRow(1), vectorRow(2)],
          copies: [{ sampleId: 7, text: 'copy', contentHash: 'hash-1' }],
          failures: [failure(4), failure(5)],
          settlements: [
            settlement('q1', { tokens: 10, costNanos: 200 }),
            settlement('q2', { status: 'failed', tokens: null, costNanos: null, costSource: 'unknown' }),
          ],
          notedDelta: 2,
        });

      it('the same commit again changes nothing', async () => {
        await store.saveRun(run());
        await store.claim(attempt('q1'), []);
        await store.openAttempts([attempt('q2')]);
        const all = async () => ({
          totals: (await store.latestRun())?.totals,
          ledger: await raw(url, 'SELECT * FROM api_usage ORDER BY request_id'),
          failures: (await store.listFailures({ after: null, limit: 9 })).map((one) => ({
            ...one,
            failedAt: '',
          })),
          rows: await raw(
            url,
            'SELECT sample_id, hex(vibe_vector) AS v, content_hash, run_id FROM sample_embeddings ORDER BY 1',
          ),
          account: await store.accountBatch('run-1', 'batch-1'),
        });
        await store.commit(full());
        const once = await all();
        expect(once.totals).toEqual({
          selected: 0,
          stored: 3,
          unchanged: 0,
          failed: 2,
          copied: 1,
          noted: 2,
          requests: 2,
          tokens: 10,
          costNanos: 200,
          lastProcessedId: 7,
        });
        expect(once.account).toEqual({
          requests: 2,
          tokens: 10,
          costNanos: 200,
          uncertainNanos: 800,
          unpriced: 0,
          // Ten tokens are too few to show a price.
          nanosPerToken: null,
        });
        await store.commit(full());
        await Promise.all([store.commit(full()), store.commit(full())]);
        expect(await all()).toEqual(once);
      });

      it('a commit of nothing is harmless', async () => {
        await store.saveRun(run({ totals: { lastProcessedId: -3 } }));
        await store.commit(batch());
        expect((await store.latestRun())?.totals).toEqual({ ...run().totals, lastProcessedId: -3 });
      });

      it('the last id is the highest, also among ids below 0', async () => {
        await store.saveRun(run());
        await store.commit(batch({ vectors: [vectorRow(-9), vectorRow(-5)] }));
        expect((await store.latestRun())?.totals.lastProcessedId).toBe(-5);
        await store.commit(batch({ vectors: [vectorRow(-7)] }));
        expect((await store.latestRun())?.totals.lastProcessedId).toBe(-5);
      });

      it('saveRun: counts only rise, words are replaced', async () => {
        const high = {
          selected: 10,
          stored: 5,
          unchanged: 2,
          failed: 1,
          copied: 2,
          noted: 1,
          requests: 0,
          tokens: 0,
          costNanos: 0,
          lastProcessedId: 50,
        };
        await store.saveRun(run({ totals: high }));
        await store.saveRun(
          run({
            state: 'blocked',
            reason: 'no credit',
            request: '{"reset":true}',
            totals: { ...high, selected: 3, stored: 8, tokens: 7, lastProcessedId: null },
          }),
        );
        expect(await store.latestRun()).toMatchObject({
          state: 'blocked',
          reason: 'no credit',
          request: '{"reset":true}',
          startedAt: EARLY,
          totals: { ...high, stored: 8 },
        });
        await store.saveRun(run({ state: 'completed' }));
        expect(await store.latestRun()).toMatchObject({ state: 'completed', reason: null });
      });

      it('saveRun: a late word of a lower sequence changes neither state nor reason, and nothing changes a final one', async () => {
        await store.saveRun(run({ state: 'blocked', reason: 'no credit', sequence: 5 }));
        await store.saveRun(run({ state: 'running', sequence: 4, totals: { stored: 9 } }));
        expect(await store.latestRun()).toMatchObject({
          state: 'blocked',
          reason: 'no credit',
          totals: { stored: 9 },
        });
        await store.saveRun(run({ state: 'throttled', sequence: 5 }));
        expect(await store.latestRun()).toMatchObject({ state: 'throttled', reason: null });
        await store.saveRun(run({ state: 'cancelled', sequence: 6 }));
        await store.saveRun(run({ state: 'running', reason: 'late', sequence: 7, totals: { stored: 11 } }));
        expect(await store.latestRun()).toMatchObject({
          state: 'cancelled',
          reason: null,
          totals: { stored: 11 },
        });
      });

      it("saveRun: a run's money is its ledger's, and it says which", async () => {
        await store.claim(attempt('q1', { boundNanos: 5000 }), []);
        await store.openAttempts([attempt('q2', { boundNanos: 700 }), attempt('q3', { runId: 'run-2' })]);
        const unpriced = { costNanos: null, costSource: 'unknown' } as const;
        await store.commit(
          batch({ settlements: [settlement('q1', { boundNanos: 2500 }), settlement('q2', unpriced)] }),
        );
        const invented = { requests: 99, tokens: 1, costNanos: 1 };
        expect(await store.saveRun(run({ totals: invented }))).toMatchObject({
          requests: 2,
          tokens: 200,
          costNanos: 2000,
          uncertainNanos: 500 + 700,
          unpriced: 1,
        });
        const money = { requests: 2, tokens: 200, cost_nanos: 2000 };
        expect(await raw(url, 'SELECT requests, tokens, cost_nanos FROM embedding_runs')).toMatchObject([
          money,
        ]);
        expect((await store.latestRun())?.totals).toMatchObject({ costNanos: 2000, unpriced: 1 });
      });

      it('saveRun: the bound of a lost answer follows the dearest price that answers show', async () => {
        await store.openAttempts([
          attempt('q1', { boundNanos: 2000, boundTokens: 100 }),
          attempt('q2', { boundNanos: 2000, boundTokens: 100 }),
          attempt('q3', { boundNanos: null, boundTokens: 100 }),
        ]);
        await store.commit(batch({ settlements: [settlement('q1', { tokens: 100, costNanos: 7000 })] }));
        expect(await store.saveRun(run())).toMatchObject({ costNanos: 7000, uncertainNanos: 7000 });
      });

      it('saveRun: answers with what the batches of the run have written', async () => {
        await store.saveRun(run());
        await store.commit(batch({ vectors: [vectorRow(1), vectorRow(2)] }));
        const books = await store.saveRun(run());
        expect(books).toMatchObject({ stored: 2, copied: 0, failed: 0 });
      });

      it('an answer that comes after the last word of a run is in its money too', async () => {
        await store.claim(attempt('q1'), []);
        await store.saveRun(run({ state: 'cancelled' }));
        await store.commit(batch({ settlements: [settlement('q1')] }));
        expect(await raw(url, 'SELECT tokens, cost_nanos FROM embedding_runs')).toMatchObject([
          { tokens: 100, cost_nanos: 2000 },
        ]);
      });

      it('countStored: all rows, and those of one run', async () => {
        expect(await store.countStored('run-1')).toEqual({ byRun: 0, all: 0 });
        await store.commit(batch({ vectors: [vectorRow(1), vectorRow(2)] }));
        await store.commit(batch({ runId: 'run-2', vectors: [vectorRow(2), vectorRow(3)] }));
        expect(await store.countStored('run-1')).toEqual({ byRun: 1, all: 3 });
      });

      it('latestRun: the newest, or the one asked for', async () => {
        expect(await store.latestRun()).toBeNull();
        await store.saveRun(run({ runId: 'new', startedAt: LATE }));
        await store.saveRun(run({ runId: 'old' }));
        expect((await store.latestRun())?.runId).toBe('new');
        expect((await store.latestRun('old'))?.runId).toBe('old');
        expect(await store.latestRun('none')).toBeNull();
      });
    });
  });
});
