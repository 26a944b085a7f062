import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../src/engines/libsql/connection.js';
import { openStore } from '../../src/engines/libsql/index.js';
import { MIGRATIONS } from '../../src/engines/libsql/migrations.js';
import type { Store } from '../../src/engines/store.js';
import {
  backends,
  batch,
  compiledStore,
  MODEL,
  OLD_TABLE,
  raw,
  temporary,
  vectorOf,
  vectorRow,
} from './scene.js';

const OURS = [
  'api_usage',
  'catalog_shape',
  'embedding_failures',
  'embedding_fence',
  'embedding_generations',
  'embedding_runs',
  'kept_vectors',
  'query_embeddings',
  'query_log',
  'sample_embeddings',
  'sample_signatures',
  'sample_texts',
  // FTS5's own.
  'sample_texts_config',
  'sample_texts_data',
  'sample_texts_docsize',
  'sample_texts_idx',
  'sample_words',
  'schema_migrations',
  'search_entries',
  'send_limits',
  'send_log',
  'source_keys',
  'store_identity',
];

describe.each(backends())('migrations on $name', (backend) => {
  let url = '';
  const opened: Store[] = [];
  const open = async (): Promise<Store> => {
    const store = await openStore({ url });
    opened.push(store);
    return store;
  };
  const schema = async (): Promise<string> =>
    JSON.stringify(
      await raw(url, 'SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name, sql'),
    );
  const names = async (type: string): Promise<string[]> =>
    (
      await raw(url, {
        sql: `SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_%'
          AND name NOT LIKE 'libsql_%' ORDER BY name`,
        args: [type],
      })
    ).map((row) => String(row.name));

  beforeAll(() => backend.start());
  afterAll(() => backend.stop());
  beforeEach(async () => {
    url = await backend.empty();
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });

  it('makes tables and indexes in an empty database; again is harmless', async () => {
    const store = await open();
    await store.migrate();
    expect(await names('table')).toEqual(OURS);
    expect(await names('index')).toEqual([
      'idx_api_usage_batch',
      'idx_api_usage_pending',
      'idx_sample_embeddings_created',
      'idx_sample_embeddings_hash_run',
      'one_active_generation',
    ]);
    await store.commit(batch({ vectors: [vectorRow(1)] }));
    const before = await schema();
    await store.migrate();
    await (await open()).migrate();
    expect(await schema()).toBe(before);
    expect(await store.countVectors()).toBe(1);
    expect(await raw(url, 'SELECT version FROM schema_migrations ORDER BY version')).toMatchObject(
      MIGRATIONS.map((_, index) => ({ version: index + 1 })),
    );
  });

  it('makes an empty database in one transaction, as one after another would', async () => {
    const store = await open();
    await store.migrate();
    const together = await schema();
    const other = await backend.empty();
    const connection = await connect({ url: other });
    try {
      await connection.write('test', [
        'CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL)',
      ]);
      for (const migration of MIGRATIONS)
        await connection.write('test', [
          ...(typeof migration === 'function' ? await migration(connection) : migration),
        ]);
      const rows = await raw(
        other,
        'SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name, sql',
      );
      expect(JSON.stringify(rows)).toBe(together);
    } finally {
      await connection.close();
    }
  });

  it('runs in several connections at once', async () => {
    const stores = await Promise.all([open(), open(), open()]);
    await Promise.all(stores.map((store) => store.migrate()));
    expect(await names('table')).toEqual(OURS);
  });

  it('runs in several processes at once, each of which then writes', async () => {
    const folder = compiledStore(temporary());
    const script = join(folder, 'migrate.js');
    writeFileSync(
      script,
      `import { openStore } from './engines/libsql/index.js';
      const [, , url, id] = process.argv;
      const store = await openStore({ url, ownThread: true });
      await store.migrate();
      await store.commit({ runId: 'r', batchId: id, model: 'm', runStartedAt: '2026-11-23T04:00:00.000Z', fence: 0,
        vectors: [{ sampleId: Number(id), text: 't', contentHash: id, vector: new Uint8Array(8) }],
        copies: [], failures: [], settlements: [], notedDelta: 0 });
      await store.close();`,
    );
    try {
      await Promise.all(
        ['1', '2', '3'].map((id) => promisify(execFile)(process.execPath, [script, url, id])),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    expect(await names('table')).toEqual(OURS);
    expect((await raw(url, 'SELECT sample_id FROM sample_embeddings')).length).toBe(3);
  });

  it("takes over the old script's table with its rows, then adopts them", async () => {
    for (const sql of OLD_TABLE) await raw(url, sql);
    const vector = vectorOf(7);
    for (const id of [1, 2])
      await raw(url, {
        sql: 'INSERT INTO sample_embeddings VALUES (?, ?, ?, ?)',
        args: [BigInt(id), vector, `old text ${id}`, '2025-01-02 03:04:05'],
      });
    const store = await open();
    await store.migrate();
    await store.migrate();
    const old = { contentHash: null, runId: null, vectorBytes: 32 };
    expect(await store.storedRows([1, 2, 3])).toEqual([
      { sampleId: 1, source: 'old text 1', ...old },
      { sampleId: 2, source: 'old text 2', ...old },
    ]);
    await store.adopt([{ sampleId: 1, contentHash: 'h1', model: MODEL }]);
    // Only a row without a hash is adopted.
    await store.adopt([{ sampleId: 1, contentHash: 'h2', model: 'other' }]);
    await store.adopt([]);
    expect(await store.storedRows([1])).toMatchObject([{ contentHash: 'h1', source: null }]);
    const [row] = await raw(url, 'SELECT * FROM sample_embeddings WHERE sample_id = 1');
    expect(row).toMatchObject({
      model: MODEL,
      embedding_source: 'old text 1',
      created_at: '2025-01-02 03:04:05',
    });
    expect(new Uint8Array(row?.vibe_vector as ArrayBuffer)).toEqual(vector);
    // A row without a run's date is overwritten by any run.
    await store.commit(batch({ vectors: [vectorRow(2)] }));
    expect(await store.storedRows([2])).toMatchObject([{ contentHash: 'hash-2', runId: 'run-1' }]);
  });

  it('takes over an old table with columns of the user', async () => {
    await raw(
      url,
      (OLD_TABLE[0] ?? '').replace(
        'embedding_source',
        "rating INTEGER, mood TEXT NOT NULL DEFAULT 'x', embedding_source",
      ),
    );
    const store = await open();
    await store.migrate();
    await store.commit(batch({ vectors: [vectorRow(1)] }));
    expect(await store.countVectors()).toBe(1);
  });

  it.each([
    ['another key', 'CREATE TABLE sample_embeddings (id INTEGER PRIMARY KEY, name TEXT)'],
    [
      'a key of two columns',
      `CREATE TABLE sample_embeddings (sample_id INTEGER, model TEXT, vibe_vector BLOB, embedding_source TEXT,
        created_at TEXT, PRIMARY KEY (sample_id, model))`,
    ],
    [
      'a column that must be filled',
      (OLD_TABLE[0] ?? '').replace('embedding_source', 'owner TEXT NOT NULL, embedding_source'),
    ],
    [
      'a column with a name of ours',
      (OLD_TABLE[0] ?? '').replace('embedding_source', 'model TEXT, embedding_source'),
    ],
    [
      'a view',
      `CREATE VIEW sample_embeddings AS SELECT 1 AS sample_id, x'00' AS vibe_vector, '' AS embedding_source, '' AS created_at`,
    ],
    ['another api_usage', 'CREATE TABLE api_usage (id INTEGER)'],
    ['another Api_Usage', 'CREATE TABLE Api_Usage (id INTEGER)'],
    ['another embedding_failures', 'CREATE TABLE embedding_failures (id INTEGER)'],
    ['another embedding_runs', 'CREATE TABLE embedding_runs (id INTEGER)'],
    ['another schema_migrations', 'CREATE TABLE schema_migrations (version TEXT)'],
    ['a schema_migrations without versions', 'CREATE TABLE schema_migrations (name TEXT, applied_at TEXT)'],
  ])('refuses %s and leaves it as it is', async (_, sql) => {
    await raw(url, sql);
    const before = await schema();
    const store = await open();
    await expect(store.migrate()).rejects.toMatchObject({
      name: 'Fault',
      kind: 'usage',
      message: expect.stringContaining('TURSO_DATABASE_URL'),
    });
    expect(await schema()).toBe(before);
    if (sql.startsWith('CREATE VIEW')) await raw(url, 'DROP VIEW sample_embeddings');
  });

  it('refuses tables of a newer version', async () => {
    await (await open()).migrate();
    await raw(url, "INSERT INTO schema_migrations VALUES (999, '')");
    await expect((await open()).migrate()).rejects.toMatchObject({ kind: 'usage' });
  });
});
