import type { Store } from '../store.js';
import { createAttemptReads } from './attempt-reads.js';
import { createCatalogShape } from './catalog-shape.js';
import { createCommits } from './commits.js';
import { connect, type StoreConnection, type StoreOptions } from './connection.js';
import { isMissingTable } from './errors.js';
import { createIdentity } from './identity.js';
import { createLeases } from './leases.js';
import { createLedger } from './ledger.js';
import { isOutdated, migrate } from './migrations.js';
import { createProbe } from './probe.js';
import { createPrune } from './prune.js';
import { createReportReads } from './report-reads.js';
import { chunksOf, failureRow, idList, STORED_COLUMNS, storedRow } from './rows.js';
import { createRuns } from './runs.js';
import { createSampleReads } from './sample-reads.js';
import { createSearchReads } from './search-reads.js';
import { createSearchSpending } from './search-spending.js';
import { createSourceKeys } from './source-keys.js';
import { createUsage } from './usage.js';
import { createVectorReads } from './vector-reads.js';
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
  const connection = withOlderTables(await connect(options));
  const leases = createLeases(connection, options.leaseMs);

  return {
    ...createLedger(connection, leases),
    ...createCommits(connection, leases),
    ...createProbe(connection),
    ...createRuns(connection),
    ...createPrune(connection),
    ...createVerifyReads(connection),
    ...createVerifyLedger(connection),
    ...createUsage(connection),
    ...createAttemptReads(connection),
    ...createSearchReads(connection, options),
    ...createSearchSpending(connection),
    ...createSampleReads(connection),
    ...createVectorReads(connection),
    ...createReportReads(connection),
    ...createCatalogShape(connection),
    ...createIdentity(connection),
    ...createSourceKeys(connection),
    migrate: () => migrate(connection),
    checkFile: () => connection.checkFile(),
    close() {
      leases.close();
      return connection.close();
    },
    async storedRows(ids) {
      const found = [];
      for (const chunk of chunksOf(ids, CHUNK)) {
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
    async failuresOf(ids) {
      const found = [];
      for (const chunk of chunksOf(ids, CHUNK)) {
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
      for (const chunk of chunksOf(ids, CHUNK))
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

/**
 * A worker of this version may join a run that began under an older one: the tables are brought up to date by the first
 * write that misses what this version adds.
 */
const withOlderTables = (connection: StoreConnection): StoreConnection => ({
  ...connection,
  async write(operation, statements) {
    try {
      return await connection.write(operation, statements);
    } catch (error) {
      if (!isMissingTable(error) || !(await isOutdated(connection))) throw error;
      await migrate(connection);
      return connection.write(operation, statements);
    }
  },
});
