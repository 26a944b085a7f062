import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/engines/store.js';
import { PLACES, type Place } from './places.js';
import { attempt, batch, failure, MODEL, row, run, vector } from './rows.js';

const BASE =
  'vibe_vector BLOB NOT NULL, embedding_source TEXT, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP';
/** Tables that somebody made beforehand, each of which refuses every row of 4 dimensions. */
const REFUSING: [string, string[], RegExp][] = [
  [
    'a foreign key to a table that is not there',
    [`CREATE TABLE sample_embeddings (sample_id INTEGER PRIMARY KEY REFERENCES samples(id), ${BASE})`],
    /no such table: main\.samples.*foreign key names a table or column that does not exist: add it, or drop/,
  ],
  [
    'a foreign key to rows that are not there',
    [
      'CREATE TABLE samples (id INTEGER PRIMARY KEY)',
      `CREATE TABLE sample_embeddings (sample_id INTEGER PRIMARY KEY REFERENCES samples(id), ${BASE})`,
    ],
    /FOREIGN KEY constraint failed.*make sample_embeddings without it, or add these rows/,
  ],
  [
    'a vector index of other dimensions',
    [
      `CREATE TABLE sample_embeddings (sample_id INTEGER PRIMARY KEY, ${BASE.replace('BLOB', 'F32_BLOB(8)')})`,
      'CREATE INDEX vibe_idx ON sample_embeddings(libsql_vector_idx(vibe_vector))',
    ],
    /dimensions are different: 4 != 8.*set EMBEDDING_DIMENSIONS to that length, or drop the index/,
  ],
  [
    'a CHECK',
    [
      `CREATE TABLE sample_embeddings (sample_id INTEGER PRIMARY KEY,
        ${BASE.replace('NOT NULL', 'NOT NULL CHECK (length(vibe_vector) = 4096)')})`,
    ],
    /CHECK constraint failed.*remove it, or set EMBEDDING_DIMENSIONS/,
  ],
  [
    'a trigger that writes into a table which is not there',
    [
      `CREATE TABLE sample_embeddings (sample_id INTEGER PRIMARY KEY, ${BASE})`,
      'CREATE TRIGGER t AFTER INSERT ON sample_embeddings BEGIN INSERT INTO audit_log VALUES (new.sample_id); END',
    ],
    /no such table: main\.audit_log.*add it, or drop the trigger/,
  ],
  [
    'a trigger that says no',
    [
      `CREATE TABLE sample_embeddings (sample_id INTEGER PRIMARY KEY, ${BASE})`,
      "CREATE TRIGGER t BEFORE INSERT ON sample_embeddings BEGIN SELECT RAISE(ABORT, 'frozen'); END",
    ],
    /frozen.*constraint, trigger or index does not allow the row: remove it/,
  ],
  [
    'a strict column of text',
    [
      `CREATE TABLE sample_embeddings (sample_id INTEGER PRIMARY KEY, vibe_vector TEXT NOT NULL, embedding_source TEXT,
        created_at TEXT DEFAULT CURRENT_TIMESTAMP) STRICT`,
    ],
    /cannot store BLOB value in TEXT column.*vibe_vector must be BLOB/,
  ],
];

const PROBE = { sampleId: 1, dimensions: 4, model: MODEL };
const TABLES = [
  ...[
    'sample_embeddings',
    'sample_signatures',
    'api_usage',
    'embedding_failures',
    'embedding_runs',
    'kept_vectors',
  ],
];

describe.each(PLACES)('what %s refuses', (_name, make) => {
  let site: Place;
  let store: Store;
  beforeEach(async () => {
    site = await make();
    store = await site.open();
  });
  afterEach(() => site.close());

  const counts = async () =>
    Object.fromEntries(
      await Promise.all(
        TABLES.map(async (name) => [
          name,
          Number((await site.sql(`SELECT COUNT(*) AS n FROM ${name}`))[0]?.n),
        ]),
      ),
    );

  it('a probe of a store that takes everything changes nothing, whatever is stored', async () => {
    await store.migrate();
    await store.probeWrite(PROBE);
    const fence = await store.fence();
    await store.commit(batch({ fence, vectors: [row(1)], failures: [failure(2)] }));
    const dump = async () => [
      await site.sql('SELECT * FROM sample_embeddings'),
      await site.sql('SELECT * FROM embedding_failures'),
      await site.sql("SELECT rowid FROM sample_texts WHERE sample_texts MATCH 'title'"),
      await site.sql('SELECT * FROM embedding_fence'),
    ];
    const before = await dump();
    await store.probeWrite(PROBE);
    await store.probeWrite({ ...PROBE, sampleId: 2 });
    expect(await dump()).toEqual(before);
    expect(await counts()).toMatchObject({ sample_embeddings: 1, api_usage: 0, embedding_runs: 0 });
  });

  it.each(REFUSING)('%s is noticed by a probe, before anything is paid', async (_what, tables, says) => {
    for (const sql of tables) await site.sql(sql);
    await store.migrate();
    await expect(store.probeWrite(PROBE)).rejects.toMatchObject({
      name: 'Fault',
      kind: 'blocked',
      message: expect.stringMatching(says),
    });
    await expect(store.probeWrite(PROBE)).rejects.toThrow(/then embeddings resume$/);
    expect(Object.values(await counts()).every((n) => n === 0)).toBe(true);
  });

  it.each(REFUSING)(
    '%s at a commit: it is booked and kept, and copied once it can be stored',
    async (_what, tables) => {
      const claimed = attempt('q1', { hashes: ['h1', 'h2'] });
      const settlement = {
        requestId: 'q1',
        status: 'settled',
        tokens: 9,
        costNanos: 180,
        costSource: 'provider',
      } as const;
      for (const sql of tables) await site.sql(sql);
      await store.migrate();
      await store.saveRun(run());
      const { fence } = await store.claim(claimed, [1, 2]);
      const bought = batch({ fence, vectors: [row(1), row(2)], settlements: [settlement] });
      await expect(store.commit(bought)).rejects.toMatchObject({
        kind: 'blocked',
        message: expect.stringMatching(/then embeddings resume: what was bought is kept/),
      });
      // Repeated, as after an answer that was lost.
      await expect(store.commit(bought)).rejects.toMatchObject({ kind: 'blocked' });
      expect(await site.sql('SELECT status, total_cost_nanos AS nanos FROM api_usage')).toMatchObject([
        { status: 'settled', nanos: 180 },
      ]);
      expect(await counts()).toMatchObject({ sample_embeddings: 0, kept_vectors: 2 });
      expect(await site.sql('SELECT content_hash FROM kept_vectors ORDER BY 1')).toMatchObject([
        { content_hash: 'h1' },
        { content_hash: 'h2' },
      ]);
      expect(await store.stillPending(['h1'], { runId: 'run-2', batchId: 'b1' })).toBe(false);

      // The person cures it.
      await site.sql('DROP TABLE sample_embeddings');
      await site.sql(`CREATE TABLE sample_embeddings (sample_id INTEGER PRIMARY KEY, ${BASE}, content_hash TEXT, model TEXT,
      run_id TEXT, run_started_at TEXT, fence INTEGER)`);
      const again = await store.claim(attempt('q2', { hashes: ['h1', 'h2'] }), [1, 2], { onlyRun: 'run-1' });
      expect(again.available).toEqual(new Set(['h1', 'h2']));
      const copies = [1, 2].map((id) => ({ sampleId: id, text: `Title: ${id}`, contentHash: `h${id}` }));
      await store.withdraw(['q2']);
      await store.commit(batch({ fence: again.fence, copies }));
      expect(
        (await site.sql('SELECT vibe_vector FROM sample_embeddings ORDER BY sample_id')).map(
          (each) => new Uint8Array(each.vibe_vector as ArrayBuffer),
        ),
      ).toEqual([vector(1), vector(2)]);
      expect(await counts()).toMatchObject({ kept_vectors: 0, api_usage: 1 });
    },
  );

  it('a foreign key that is checked at the end harms only its own commit, and blocks', async () => {
    await site.sql('CREATE TABLE samples (id INTEGER PRIMARY KEY)');
    await site.sql('INSERT INTO samples VALUES (1)');
    await site.sql(`CREATE TABLE sample_embeddings (sample_id INTEGER PRIMARY KEY
      REFERENCES samples(id) DEFERRABLE INITIALLY DEFERRED, ${BASE})`);
    await store.migrate();
    const [good, bad] = await Promise.allSettled([
      store.commit(batch({ vectors: [row(1)] })),
      store.commit(batch({ batchId: 'b2', vectors: [row(2)] })),
    ]);
    expect(good.status).toBe('fulfilled');
    expect(bad).toMatchObject({ status: 'rejected', reason: { kind: 'blocked' } });
    expect(await counts()).toMatchObject({ sample_embeddings: 1, kept_vectors: 1 });
  });

  it('a ledger that refuses a claim blocks before anything is sent', async () => {
    await store.migrate();
    await site.sql("CREATE TRIGGER t BEFORE INSERT ON api_usage BEGIN SELECT RAISE(ABORT, 'closed'); END");
    for (const opening of [store.claim(attempt('q1'), [1]), store.openAttempts([attempt('q1')])])
      await expect(opening).rejects.toMatchObject({
        kind: 'blocked',
        message: expect.stringContaining('closed'),
      });
    await expect(store.probeWrite(PROBE)).rejects.toMatchObject({ kind: 'blocked' });
  });

  it('a text kept is not bought again by another run, which copies it', async () => {
    await store.migrate();
    await site.sql("INSERT INTO kept_vectors VALUES ('h1', 'run-0', 'm', x'0000803f', '')");
    expect((await store.claim(attempt('q1', { hashes: ['h1'] }), [])).available).toEqual(new Set(['h1']));
    const reset = await store.claim(attempt('q2', { hashes: ['h1'] }), [], { onlyRun: 'run-1' });
    expect(reset.available).toEqual(new Set());
    const { fence } = reset;
    await store.commit(batch({ fence, copies: [{ sampleId: 4, text: 'T', contentHash: 'h1' }] }));
    expect(await store.storedRows([4])).toMatchObject([{ contentHash: 'h1', vectorBytes: 4 }]);
    expect(await counts()).toMatchObject({ kept_vectors: 0 });
  });
});
