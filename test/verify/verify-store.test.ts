import { createClient } from '@libsql/client';
import { afterEach, describe, expect, it } from 'vitest';
import { renderSample } from '../../src/domain/samples.js';
import { openStore } from '../../src/engines/libsql/index.js';
import { Database } from '../../src/sqlite.js';
import { verifyStore } from '../../src/verify/verify-store.js';
import { attempt, batch, EARLY, failure, LATE, run, vector } from '../engines/rows.js';
import { type Place, setPlace, TODAY } from './place.js';

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

let place: Place;
afterEach(() => place.close());

describe('verifyStore, vectors', () => {
  it('finds nothing in a healthy store', async () => {
    place = await setPlace(range(1, 20));
    await place.embed(range(1, 20));
    const { report, problems } = await place.verify();
    expect(problems).toEqual([]);
    expect(report).toEqual({
      checked: 20,
      problems: 0,
      counts: {},
      missing: 0,
      failed: 0,
      adoptable: 0,
      hidden: [],
      unseen: 0,
      ledger: true,
    });
  });

  it('finds each kind of damage once, at the sample that has it', async () => {
    place = await setPlace(range(1, 30));
    await place.embed(range(1, 29));
    const damage = 'UPDATE sample_embeddings SET vibe_vector = ? WHERE sample_id = ?';
    place.inStore(damage, Buffer.from(vector(1)).subarray(0, 12), 2);
    place.inStore(damage, Buffer.from(vector(Number.NaN)), 4);
    place.inStore(damage, Buffer.alloc(16), 6);
    place.inStore(damage, 'sixteen letters!', 8);
    place.inStore("UPDATE sample_embeddings SET embedding_source = 'other' WHERE sample_id = 10");
    place.inCatalog("UPDATE samples SET title = 'edited' WHERE id = 12");
    place.inCatalog('DELETE FROM samples WHERE id = 14');
    const { report, problems, damaged, orphans } = await place.verify();
    expect(problems.map(({ kind, sampleId }) => [kind, sampleId])).toEqual([
      ['wrong_length', 2],
      ['not_finite', 4],
      ['all_zero', 6],
      ['wrong_length', 8],
      ['text_mismatch', 10],
      ['stale', 12],
      ['orphan', 14],
    ]);
    expect(damaged).toEqual([2, 4, 6, 8, 10, 12]);
    expect(orphans).toEqual([14]);
    expect(report).toMatchObject({
      checked: 29,
      problems: 7,
      missing: 1,
      counts: { wrong_length: 2, orphan: 1 },
    });
  });

  it('a changed text that the provider refuses is not to be sent again', async () => {
    place = await setPlace(range(1, 3));
    await place.embed([1, 2]);
    place.inCatalog("UPDATE samples SET title = 'refused'");
    const refused = (await place.catalog.readIds([1, 3])).map((row) => renderSample(row, TODAY, TODAY.form));
    await place.store.commit(
      batch({
        runId: 'run-2',
        runStartedAt: LATE,
        failures: refused.map(({ id, hash }) => ({ ...failure(id), contentHash: hash })),
      }),
    );
    const { report, problems, damaged } = await place.verify();
    expect(problems.map(({ kind, sampleId }) => [kind, sampleId])).toEqual([
      ['refused', 1],
      ['stale', 2],
    ]);
    expect(damaged).toEqual([2]);
    expect(report).toMatchObject({ failed: 1, missing: 0 });
  });

  it.each([1, 2, 3, 7, 500])(
    'pages of %i: every row and every gap, on either side of a boundary',
    async (pageRows) => {
      // 501 samples in clumps: some stored, some not, some stored that the catalog does not have.
      const ids = [-3, 0, ...range(1, 250), ...range(1000, 1247), 2 ** 53 - 1];
      expect(ids).toHaveLength(501);
      place = await setPlace(ids);
      const gone = new Set([-3, 250, 1000, 1100]);
      const unstored = new Set([1, 2, 3, 249, 1001, 1247]);
      await place.embed(ids.filter((id) => !unstored.has(id)));
      place.inStore(
        "UPDATE sample_embeddings SET embedding_source = 'x' WHERE sample_id IN (0, 248, 1002, 9007199254740991)",
      );
      place.inCatalog('DELETE FROM samples WHERE id IN (-3, 250, 1000, 1100)');
      const { report, damaged, orphans } = await place.verify(pageRows);
      expect(orphans).toEqual([...gone]);
      expect(damaged).toEqual([0, 248, 1002, 2 ** 53 - 1]);
      expect(report).toMatchObject({ checked: 495, missing: 6, problems: 8 });
    },
  );

  it('an empty store, an empty catalog, and neither', async () => {
    place = await setPlace(range(1, 501));
    expect((await place.verify()).report).toMatchObject({ checked: 0, missing: 501, problems: 0 });
    await place.embed([1, 500, 501]);
    place.inCatalog('DELETE FROM samples');
    expect((await place.verify(2)).report).toMatchObject({ checked: 3, missing: 0, counts: { orphan: 3 } });
    place.inStore('DELETE FROM sample_embeddings');
    expect((await place.verify()).report).toMatchObject({ checked: 0, missing: 0 });
  });

  it('a page is cut by its bytes: long texts are read in several, none left out', async () => {
    place = await setPlace(range(1, 12));
    const long = 'é'.repeat(500_000);
    place.inCatalog('UPDATE samples SET title = title || ?', long);
    await place.embed(range(1, 12));
    const page = await place.store.vectorPage({ after: null, limit: 500, bytes: 16, table: 'ours' });
    expect(page.last).toBe(false);
    expect(page.rows.map((row) => row.sampleId)).toEqual([1, 2, 3]);
    expect((await place.verify()).report).toMatchObject({ checked: 12, problems: 0, missing: 0 });
  });

  it('reads a store of the old script as it is, and changes nothing in it', async () => {
    place = await setPlace([1, 2, 3]);
    const file = `${place.storeFile}.old`;
    const db = new Database(file);
    db.exec(`CREATE TABLE sample_embeddings (sample_id INTEGER PRIMARY KEY, vibe_vector BLOB NOT NULL,
      embedding_source TEXT, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)`);
    const insert = db.prepare(
      'INSERT INTO sample_embeddings (sample_id, vibe_vector, embedding_source) VALUES (?, ?, ?)',
    );
    insert.run(1, Buffer.from(vector(1)), 'Title: sample 1');
    insert.run(2, Buffer.from(vector(1)), 'Title: another');
    const store = await openStore({ url: `file:${file}` });
    const report = await verifyStore({ catalog: place.catalog, store }, TODAY, { problem: () => undefined });
    expect(report).toMatchObject({
      checked: 2,
      adoptable: 1,
      missing: 1,
      counts: { stale: 1 },
      ledger: false,
    });
    expect(db.prepare("SELECT COUNT(*) AS n FROM pragma_table_info('sample_embeddings')").get()).toEqual({
      n: 4,
    });
    await store.close();
    db.close();
  });
});

describe('verifyStore, the ledger', () => {
  const kinds = async (): Promise<(string | null)[]> =>
    (await place.verify()).problems.map(({ kind }) => kind);

  /** As if the processes that hold them had died. */
  const expire = async (): Promise<void> => {
    // With the store's own SQLite: another one in this process would delete the log that the store writes to.
    const client = createClient({ url: `file:${place.storeFile}` });
    await client.execute("UPDATE api_usage SET lease_until = 1 WHERE status = 'pending'");
    client.close();
  };

  it('pending attempts are a problem once their lease has expired and their run is over, or a later one has begun', async () => {
    place = await setPlace([1]);
    await place.embed([1]);
    await place.store.saveRun(run({ runId: 'run-2', startedAt: LATE, state: 'running' }));
    await place.store.openAttempts([attempt('r2', { runId: 'run-2' })]);
    await expire();
    expect(await kinds()).toEqual([]);
    await place.store.openAttempts([attempt('r3', { batchId: 'b2' })]);
    expect(await kinds()).toEqual([]);
    await expire();
    expect(await kinds()).toEqual(['ledger_pending']);
    expect(await place.store.giveUpLeftovers()).toBe(1);
    expect(await kinds()).toEqual([]);
    await place.store.openAttempts([attempt('r4', { runId: 'run-2' })]);
    await expire();
    expect(await kinds()).toEqual([]);
    await place.store.saveRun(
      run({ runId: 'run-3', startedAt: '2026-11-24T00:00:00.000Z', state: 'running' }),
    );
    expect(await kinds()).toEqual(['ledger_pending']);
    expect(await place.store.giveUpLeftovers()).toBe(1);
    expect(await kinds()).toEqual([]);
  });

  it('a row that is counted twice, or lost, shows in the totals of its run', async () => {
    place = await setPlace([1]);
    await place.embed([1]);
    place.inStore(
      "INSERT INTO api_usage SELECT 'r1-again', run_id, batch_id, model, operation, status, input_tokens, output_tokens, total_tokens, input_cost, output_cost, total_cost, total_cost_nanos, created_at, settled_at, extra_metadata, text_hashes, bound_nanos, lease_until, generation FROM api_usage",
    );
    expect(await kinds()).toEqual(['ledger_total']);
    place.inStore('DELETE FROM api_usage');
    expect(await kinds()).toEqual(['ledger_total']);
  });

  it('rows of a run that nobody knows', async () => {
    place = await setPlace([1]);
    await place.embed([1]);
    await place.store.openAttempts([attempt('r2', { runId: 'stranger' })]);
    expect(await kinds()).toEqual(['ledger_unknown_run']);
    expect(await place.store.giveUpLeftovers()).toBe(0);
    await expire();
    expect(await kinds()).toEqual(['ledger_unknown_run', 'ledger_pending']);
    expect(await place.store.giveUpLeftovers()).toBe(1);
    expect(await kinds()).toEqual(['ledger_unknown_run']);
  });

  it('searches, booked under a name of their own, are in order', async () => {
    place = await setPlace([1]);
    await place.embed([1]);
    await place.store.openAttempts([attempt('s1', { runId: 'search', operation: 'search' })]);
    const settled = { status: 'settled', tokens: 1, costNanos: 20, costSource: 'provider' } as const;
    await place.store.commit(batch({ runId: 'search', settlements: [{ requestId: 's1', ...settled }] }));
    expect(await kinds()).toEqual([]);
  });

  it('one paid answer in two rows; a cached one, which was free, may repeat', async () => {
    place = await setPlace([1]);
    await place.embed([1]);
    const settle = async (requestId: string, costNanos: number): Promise<void> => {
      await place.store.openAttempts([attempt(requestId)]);
      const money = { status: 'settled', tokens: 0, costNanos, costSource: 'provider' } as const;
      await place.store.commit(
        batch({ settlements: [{ requestId, ...money, metadata: { providerId: 'gen-1' } }] }),
      );
    };
    await settle('r2', 100);
    await settle('r3', 0);
    expect(await kinds()).toEqual([]);
    await settle('r4', 100);
    expect(await kinds()).toEqual(['ledger_duplicate']);
  });

  it('a settled row whose dollars are not its nanodollars, or that has no time', async () => {
    place = await setPlace([1]);
    await place.embed([1]);
    place.inStore('UPDATE api_usage SET total_cost = total_cost * 2');
    expect(await kinds()).toEqual(['ledger_row']);
    place.inStore('UPDATE api_usage SET total_cost = total_cost / 2, settled_at = NULL');
    expect(await kinds()).toEqual(['ledger_row']);
  });

  it('more runs than a page holds', async () => {
    place = await setPlace([1]);
    await place.embed([1]);
    for (const n of range(1000, 1400)) {
      await place.store.saveRun(run({ runId: `run-${n}`, state: 'cancelled', startedAt: EARLY }));
      if (n % 100 === 0) await place.store.openAttempts([attempt(`r${n}`, { runId: `run-${n}` })]);
    }
    await expire();
    expect(await kinds()).toEqual(Array(5).fill('ledger_pending'));
  });
});

describe('removing what nobody has', () => {
  it('deletes a row as it was seen, and not one that was written again', async () => {
    place = await setPlace([1, 2, 3]);
    await place.embed([1, 2, 3]);
    const seen = await place.store.writersOf([1, 2, 99]);
    expect(seen.map(({ sampleId }) => sampleId)).toEqual([1, 2]);
    const again = renderSample({ id: 2, title: 'sample 2' }, TODAY, TODAY.form);
    await place.store.commit(
      batch({
        runId: 'run-2',
        runStartedAt: LATE,
        vectors: [{ sampleId: 2, text: again.text, contentHash: again.hash, vector: vector(9) }],
      }),
    );
    expect(await place.store.removeVectors(seen)).toBe(1);
    expect((await place.store.storedRows([1, 2, 3])).map(({ sampleId }) => sampleId)).toEqual([2, 3]);
  });
});
