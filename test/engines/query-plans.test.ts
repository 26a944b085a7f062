import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient, type InStatement } from '@libsql/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type StoreConnection } from '../../src/engines/libsql/connection.js';
import { createScope, initialKnownGenerations } from '../../src/engines/libsql/generations/scope.js';
import { openStore } from '../../src/engines/libsql/index.js';
import { createReportReads } from '../../src/engines/libsql/report-reads.js';
import { createSearchReads } from '../../src/engines/libsql/search-reads.js';
import { createVerifyLedger } from '../../src/engines/libsql/verify-ledger.js';
import { createVerifyReads } from '../../src/engines/libsql/verify-reads.js';

const ROWS = 100_000;
/** Grow with the library; all others are small, or made by the statement itself. */
const LARGE = [
  ...['sample_embeddings', 'sample_signatures', 'sample_texts', 'sample_texts_docsize', 'sample_words'],
  'api_usage',
];

let folder: string;
let client: Client;
let connection: StoreConnection;
let plans: { operation: string; plan: string[] }[] = [];

/** The connection, every read of which is explained too. */
const explained = (): StoreConnection => ({
  ...connection,
  async read(operation, statement) {
    const { sql, args } = typeof statement === 'string' ? { sql: statement, args: [] } : statement;
    const { rows } = await client.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args } as InStatement);
    plans.push({ operation, plan: rows.map((row) => String(row.detail)) });
    return connection.read(operation, statement);
  },
  async readTogether(operation, [standing, ...statements]) {
    const all = [await connection.read(operation, standing as InStatement)];
    for (const statement of statements) all.push(await this.read(operation, statement));
    return all;
  },
});
const scope = () => createScope(explained(), initialKnownGenerations(), null);

/** Large tables that the reads since the last look went through from end to end, and how FTS5 was asked. */
function scans(): string[] {
  const found = plans.flatMap(({ operation, plan }) =>
    plan.flatMap((line) => {
      const [, table = '', how = ''] = /^SCAN (\w+)(.*)$/.exec(line) ?? [];
      if (!LARGE.includes(table)) return [];
      if (table !== 'sample_texts') return [`${operation}: ${table}`];
      return [`${operation}: ${/INDEX \d+:=/.test(how) ? 'FTS5 for each id' : 'FTS5 once'}`];
    }),
  );
  plans = [];
  return [...new Set(found)].sort();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-plans-'));
  const url = `file:${join(folder, 'store.db')}`;
  const store = await openStore({ url });
  await store.migrate();
  await store.close();
  client = createClient({ url });
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})`;
  for (const sql of [
    `${numbers} INSERT INTO sample_embeddings (sample_id, vibe_vector, embedding_source, content_hash, model, run_id)
      SELECT i, vector32('[' || (i % 7 + 1) || ',' || (i % 11 - 5) || ',1,1]'), 'Title: ' || CASE i % 5 WHEN 2 THEN 'kick ' ELSE 'pad ' END || i, 'h' || i, 'm', 'r' FROM n`,
    `INSERT INTO sample_texts (rowid, embedding_source, words) SELECT sample_id, embedding_source, words FROM sample_search`,
    'INSERT INTO sample_signatures SELECT sample_id, vector1bit(vibe_vector) FROM sample_embeddings',
    `${numbers} INSERT INTO api_usage (request_id, run_id, batch_id, model, operation, status, created_at)
      SELECT i, 'r' || (i % 100), 'b' || i, 'm', 'embeddings', 'settled', '2026-01-01T00:00:00.000Z' FROM n`,
  ])
    await client.execute(sql);
  connection = await connect({ url });
}, 120_000);
afterAll(async () => {
  await connection?.close();
  client?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe(`at ${ROWS} rows`, () => {
  const query = { model: 'm', vector: new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer) };
  const half = Array.from({ length: ROWS / 2 }, (_, at) => 2 * at + 1);
  const some = half.slice(0, 200);

  it('search by words asks FTS5 once, also where half of all samples fit the filter', async () => {
    const reads = createSearchReads(explained(), scope());
    for (const among of [null, half, some])
      expect(await reads.matching('"kick"', { limit: 20, among })).toHaveLength(20);
    expect(await reads.matching('"kick"', { limit: 20, among: [7] })).toMatchObject([{ sampleId: 7 }]);
    await reads.frequencies(['"kick"', '("a" OR "b")']);
    expect(scans()).toEqual(['frequencies: FTS5 once', 'matching: FTS5 once']);
    // Of ten texts, one word after the other.
    await reads.matchesAmong(['"kick"'], some.slice(0, 10));
    expect(scans()).toEqual(['matches among: FTS5 for each id']);
  });

  it('search by meaning goes through vectors or signatures once, and among some through those', async () => {
    const reads = createSearchReads(explained(), scope());
    await reads.nearest(query, { limit: 10, candidates: null, among: null });
    expect(scans()).toEqual(['nearest: sample_embeddings']);
    await reads.nearest(query, { limit: 10, candidates: 1000, among: null });
    expect(scans()).toEqual(['nearest: sample_signatures']);
    for (const candidates of [null, 1000])
      expect(await reads.nearest(query, { limit: 10, candidates, among: half })).toHaveLength(10);
    await reads.similarities(query, some);
    await reads.vectorOf(5);
    await reads.cachedQuery('none');
    expect(scans()).toEqual([]);
    // Only an index is gone through, for its ends.
    await reads.background(query, 100);
    expect(scans()).toEqual(['background: sample_embeddings']);
  });

  it('what search asks before is counted, and looked at row by row only where something is amiss', async () => {
    const reads = createSearchReads(explained(), scope());
    expect(await reads.searchable()).toEqual({ rows: ROWS, missing: 0 });
    expect(scans()).toEqual(['searchable: sample_embeddings', 'searchable: sample_texts_docsize']);
    await reads.hasVectorsOf('m', 16);
    await reads.enterMissing(null, 1000);
    await reads.vectorKinds();
    expect(scans()).toEqual([
      'missing: sample_embeddings',
      'vector kinds: sample_embeddings',
      'vectors of: sample_embeddings',
    ]);
  });

  it('verify and map read page after page', async () => {
    const reads = createVerifyReads(explained(), scope());
    await reads.tables();
    const page = await reads.vectorPage({ after: ROWS / 2, limit: 1000, bytes: 16, table: 'ours' });
    expect(page.rows).toHaveLength(1000);
    expect(scans()).toEqual([]);
    const ledger = createVerifyLedger(explained());
    await ledger.ledgerByRun('', 100);
    await ledger.contradictions('', 100);
    expect(scans()).toEqual([]);
    await ledger.doubleEntries('', 100);
    expect(scans()).toEqual(['ledger: api_usage']);
  });

  it('report adds up the ledger and the texts, and asks for samples by their ids', async () => {
    const reads = createReportReads(explained(), scope());
    await reads.reportOverview();
    expect(scans()).toEqual(['report: api_usage', 'report: sample_embeddings']);
    expect(await reads.storedAmong(some)).toHaveProperty('size', some.length);
    expect(scans()).toEqual([]);
  });
});
