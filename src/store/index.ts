import { createCatalogShape } from './catalog-shape.js';
import { commitStatements } from './commit.js';
import { connect, type StoreOptions } from './connection.js';
import { account, accountOf, createLedger } from './ledger.js';
import { migrate } from './migrations.js';
import { createPrune } from './prune.js';
import { createReportReads } from './report-reads.js';
import { failureRow, idList, placeholders, STORED_COLUMNS, storedRow } from './rows.js';
import { createRuns } from './runs.js';
import { createSampleReads } from './sample-reads.js';
import { createSearchReads } from './search-reads.js';
import type { Store } from './types.js';
import { createUsage } from './usage.js';
import { createVerifyLedger } from './verify-ledger.js';
import { createVerifyReads } from './verify-reads.js';

/** Ids in one IN clause. */
const CHUNK = 1000;

/**
 * Opens the store at TURSO_DATABASE_URL: a libSQL file (made with mode 0600 when it is not there) or a server. A
 * remote is not contacted before the first operation. Errors: a Fault where a person must act, else a plain Error that
 * is worth trying again.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const connection = await connect(options);
  const ledger = createLedger(connection);
  const chunks = <T>(all: readonly T[]): T[][] =>
    Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, index) =>
      all.slice(index * CHUNK, (index + 1) * CHUNK),
    );

  return {
    ...ledger,
    ...createRuns(connection),
    ...createPrune(connection),
    ...createVerifyReads(connection),
    ...createVerifyLedger(connection),
    ...createUsage(connection),
    ...createSearchReads(connection),
    ...createSampleReads(connection),
    ...createReportReads(connection),
    ...createCatalogShape(connection),
    migrate: () => migrate(connection),
    close: () => connection.close(),
    async storedRows(ids) {
      const found = [];
      for (const chunk of chunks(ids)) {
        const sql = `SELECT ${STORED_COLUMNS} FROM sample_embeddings WHERE sample_id IN (${idList(chunk)})`;
        found.push(...(await connection.read('stored rows', sql)).rows.map(storedRow));
      }
      return found;
    },
    async adopt(rows) {
      const statements = rows.map(({ sampleId, contentHash, model }) => ({
        sql: 'UPDATE sample_embeddings SET content_hash = ?, model = ? WHERE sample_id = ? AND content_hash IS NULL',
        args: [contentHash, model, BigInt(sampleId)],
      }));
      await connection.write('adopt', statements);
    },
    async commit(batch) {
      const statements = [...commitStatements(batch, new Date()), account(batch.runId, batch.batchId)];
      return accountOf((await connection.write('commit', statements)).at(-1));
    },
    async availableHashes(hashes) {
      const found = new Set<string>();
      for (const chunk of chunks(hashes)) {
        const sql = `SELECT DISTINCT content_hash FROM sample_embeddings WHERE content_hash IN (${placeholders(chunk.length)})`;
        for (const row of (await connection.read('hashes', { sql, args: chunk })).rows)
          found.add(String(row.content_hash));
      }
      return found;
    },
    async failuresOf(ids) {
      const found = [];
      for (const chunk of chunks(ids)) {
        const sql = `SELECT * FROM embedding_failures WHERE sample_id IN (${idList(chunk)})`;
        found.push(...(await connection.read('failures', sql)).rows.map(failureRow));
      }
      return found;
    },
    async listFailures({ after, limit }) {
      const where = after === null ? '' : `WHERE sample_id > ${BigInt(after)}`;
      const sql = `SELECT * FROM embedding_failures ${where} ORDER BY sample_id LIMIT ${BigInt(limit)}`;
      return (await connection.read('failures', sql)).rows.map(failureRow);
    },
    async countFailures() {
      return Number(
        (await connection.read('failures', 'SELECT COUNT(*) AS n FROM embedding_failures')).rows[0]?.n ?? 0,
      );
    },
    async forgetFailures(ids) {
      for (const chunk of chunks(ids))
        await connection.write('forget failures', [
          `DELETE FROM embedding_failures WHERE sample_id IN (${idList(chunk)})`,
        ]);
    },
    async countVectors() {
      return Number(
        (await connection.read('count', 'SELECT COUNT(*) AS n FROM sample_embeddings')).rows[0]?.n ?? 0,
      );
    },
  };
}
