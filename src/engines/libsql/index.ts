import type { Store } from '../store.js';
import { createAttemptReads } from './attempt-reads.js';
import { createCatalogShape } from './catalog-shape.js';
import { createCommits } from './commits.js';
import { connect, type StoreConnection, type StoreOptions } from './connection.js';
import { isMissingTable } from './errors.js';
import { createFailures } from './failures.js';
import { createGenerations } from './generations/generations.js';
import { createScope, type GenerationScope, initialKnownGenerations } from './generations/scope.js';
import { createIdentity } from './identity.js';
import { createLeases } from './leases.js';
import { createLedger } from './ledger.js';
import { isOutdated, migrate } from './migrations.js';
import { createProbe } from './probe.js';
import { createPrune } from './prune.js';
import { createReportReads } from './report-reads.js';
import { createRuns } from './runs.js';
import { createSampleReads } from './sample-reads.js';
import { createSearchReads } from './search-reads.js';
import { createSearchSpending } from './search-spending.js';
import { createSendLimits } from './send-limits.js';
import { createSourceKeys } from './source-keys.js';
import { createStoredRows } from './stored-rows.js';
import { parseStoreUrl } from './url.js';
import { createUsage } from './usage.js';
import { createVectorReads } from './vector-reads.js';
import { createVerifyLedger } from './verify-ledger.js';
import { createVerifyReads } from './verify-reads.js';

/**
 * Opens the store at TURSO_DATABASE_URL: a libSQL file (created with mode 0600 if it does not exist) or a server. A
 * server is not contacted before the first operation. Throws a Fault if a person must act, otherwise a plain Error that
 * can be retried.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const connection = withOlderTables(await connect(options));
  const leases = createLeases(connection, options.leaseMs, options.clock);
  const known = initialKnownGenerations();
  const views = new Map<number | null, Store>();
  const over = (number: number | null): Store => {
    const view = views.get(number) ?? storeOver(createScope(connection, known, number));
    views.set(number, view);
    return view;
  };

  const storeOver = (scope: GenerationScope): Store => ({
    ...createLedger(connection, scope, leases),
    ...createCommits(scope, leases),
    ...createProbe(scope),
    ...createRuns(connection, scope),
    ...createPrune(connection, scope),
    ...createVerifyReads(connection, scope),
    ...createVerifyLedger(connection),
    ...createUsage(connection),
    ...createAttemptReads(connection),
    ...createSearchReads(connection, scope, options),
    ...createSearchSpending(connection),
    ...createSampleReads(scope),
    ...createVectorReads(scope),
    ...createReportReads(connection, scope),
    ...createCatalogShape(connection),
    ...createIdentity(connection),
    ...createSendLimits(connection),
    ...createSourceKeys(connection),
    ...createStoredRows(scope),
    ...createFailures(scope),
    ...createGenerations(connection, known, parseStoreUrl(options.url).kind === 'file'),
    of: over,
    migrate: () => migrate(connection),
    checkFile: () => connection.checkFile(),
    holdsAttempt: (requestId) => leases.holds(requestId),
    close() {
      leases.close();
      return connection.close();
    },
  });
  return over(null);
}

/**
 * Upgrades the tables on the first write that misses what this version adds: a worker of this version may join a run
 * that an older version began.
 */
const withOlderTables = (connection: StoreConnection): StoreConnection => ({
  ...connection,
  async write(operation, statements, options) {
    try {
      return await connection.write(operation, statements, options);
    } catch (error) {
      if (!isMissingTable(error) || !(await isOutdated(connection))) throw error;
      await migrate(connection);
      return connection.write(operation, statements, options);
    }
  },
});
