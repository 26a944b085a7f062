import type { InStatement, InValue, Row } from '@libsql/client';
import type { RunBooks, RunRow } from '../types.js';
import { NOW_ISO } from './clock.js';
import type { StoreConnection } from './connection.js';
import { isMissingColumn, isMissingTable } from './errors.js';
import type { GenerationScope } from './generations/scope.js';
import { accountOf, booksOf, raiseBounds, runAccount, runBooks } from './ledger.js';
import { COST, RUN_MONEY, sum, TOKENS } from './money.js';
import { integer, runRow } from './rows.js';

const COUNTS = ['selected', 'stored', 'unchanged', 'failed', 'copied', 'noted'];

/** Final states: the run is over, and no other state replaces them. */
export const FINAL = "('completed', 'cancelled', 'failed')";

/** Whether the stored state stays: it is final, or has a later sequence than the new one. */
const KEEPS_STATE = `(state IN ${FINAL} OR COALESCE(sequence, excluded.sequence) > excluded.sequence)`;
const updateUnlessKept = (column: string): string =>
  `${column} = CASE WHEN ${KEEPS_STATE} THEN ${column} ELSE excluded.${column} END`;

/** As text: the client refuses integers beyond 2^53. */
const asText = (columns: readonly string[]): string =>
  columns.map((name) => `CAST(${name} AS TEXT) AS ${name}`).join(', ');

/** Selects runs with money and model from the ledger: a run keeps the model that it began with. */
const runsWith = (counts: readonly string[]): string => `SELECT run_id, workflow_id, request, state, reason,
  started_at, updated_at, ${asText(counts)},
  (SELECT json_array(COUNT(*), ${sum(TOKENS)}, ${sum(COST)},
    COUNT(*) FILTER (WHERE status = 'settled' AND total_cost_nanos IS NULL))
    FROM api_usage WHERE api_usage.run_id = run.run_id) AS money,
  (SELECT model FROM api_usage WHERE api_usage.run_id = run.run_id LIMIT 1) AS model
  FROM embedding_runs AS run`;
const OLDER = runsWith([...COUNTS, 'last_processed_id', 'pruned']);
const RUNS = runsWith([...COUNTS, 'last_processed_id', 'pruned', 'expected', 'generation']);

/** Creates or updates a run's row, then sets its money to what its ledger says. */
export function saveStatements(
  run: Omit<RunRow, 'updatedAt' | 'model'> & { sequence: number },
): InStatement[] {
  const { totals } = run;
  const counts = [
    totals.selected,
    totals.stored,
    totals.unchanged,
    totals.failed,
    totals.copied,
    totals.noted,
  ];
  // A run that planned its selection again may end with less than it had counted before.
  const rising = COUNTS.map(
    (name) => `${name} = CASE WHEN excluded.state IN ${FINAL} AND NOT ${KEEPS_STATE} THEN excluded.${name}
      ELSE MAX(${name}, excluded.${name}) END`,
  ).join(', ');
  return [
    {
      sql: `INSERT INTO embedding_runs (run_id, workflow_id, request, state, reason, ${COUNTS.join(', ')},
          last_processed_id, started_at, sequence, expected, generation, requests, tokens, cost_nanos, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ${NOW_ISO})
        ON CONFLICT (run_id) DO UPDATE SET ${['request', 'state', 'reason', 'expected'].map(updateUnlessKept).join(', ')},
          ${rising}, sequence = MAX(COALESCE(sequence, excluded.sequence), excluded.sequence),
          last_processed_id = COALESCE(MAX(last_processed_id, excluded.last_processed_id), last_processed_id,
            excluded.last_processed_id), updated_at = excluded.updated_at`,
      args: [
        run.runId,
        run.workflowId,
        run.request,
        run.state,
        run.reason,
        ...counts.map(integer),
        integer(totals.lastProcessedId),
        run.startedAt,
        integer(run.sequence),
        integer(run.expected ?? null),
        integer(run.generation ?? null),
      ],
    },
    raiseBounds(run.runId),
    { sql: `UPDATE embedding_runs SET ${RUN_MONEY} WHERE run_id = ?`, args: [run.runId] },
  ];
}

/** Reads runs. A read upgrades no table, so the tables may be of the version before. */
async function readRuns(
  connection: StoreConnection,
  operation: string,
  { which, args }: { which: string; args: InValue[] },
): Promise<Row[]> {
  try {
    return (await connection.read(operation, { sql: `${RUNS} ${which}`, args })).rows;
  } catch (error) {
    if (!isMissingColumn(error, 'expected') && !isMissingColumn(error, 'generation')) throw error;
    return (await connection.read(operation, { sql: `${OLDER} ${which}`, args })).rows;
  }
}

/**
 * Creates the reads and writes of runs. Counts only rise until the final state, so that an older update never
 * overwrites what batches have committed since.
 */
export const createRuns = (connection: StoreConnection, scope: GenerationScope) => ({
  async saveRun(run: Omit<RunRow, 'updatedAt' | 'model'> & { sequence: number }): Promise<RunBooks> {
    const results = await connection.write('save run', [...saveStatements(run), ...runBooks(run.runId)]);
    return booksOf(results.at(-2), results.at(-1));
  },
  async countStored(runId: string): Promise<{ byRun: number; all: number }> {
    const { rows } = await scope.read('count', ({ vectors }) => ({
      sql: `SELECT COUNT(*) AS n, COUNT(CASE WHEN run_id = ? THEN 1 END) AS mine FROM ${vectors}`,
      args: [runId],
    }));
    return { byRun: Number(rows[0]?.mine ?? 0), all: Number(rows[0]?.n ?? 0) };
  },
  async latestRun(runId?: string): Promise<RunRow | null> {
    try {
      const which = runId === undefined ? 'ORDER BY started_at DESC LIMIT 1' : 'WHERE run_id = ?';
      const args = runId === undefined ? [] : [runId];
      const rows = await readRuns(connection, 'latest run', { which, args });
      return rows[0] === undefined ? null : runRow(rows[0]);
    } catch (error) {
      if (isMissingTable(error)) return null;
      throw error;
    }
  },
  async openRun(generation?: number): Promise<RunRow | null> {
    try {
      const which = `WHERE state NOT IN ${FINAL} ${generation === undefined ? '' : 'AND generation = ?'}
        ORDER BY started_at DESC LIMIT 1`;
      const args = generation === undefined ? [] : [BigInt(generation)];
      const [row] = await readRuns(connection, 'open run', { which, args });
      return row === undefined ? null : runRow(row);
    } catch (error) {
      if (isMissingTable(error)) return null;
      throw error;
    }
  },
  async uncertainNanosOf(runId: string): Promise<number> {
    try {
      return accountOf(await connection.read('account', runAccount(runId))).uncertainNanos;
    } catch (error) {
      if (isMissingTable(error) || isMissingColumn(error, 'bound_nanos')) return 0;
      throw error;
    }
  },
  async runsOfSchedule(schedule: string, limit: number): Promise<RunRow[]> {
    try {
      const rows = await readRuns(connection, 'runs of a schedule', {
        which: `WHERE CASE WHEN json_valid(request) THEN json_extract(request, '$.scheduledBy.schedule') END = ?
          ORDER BY started_at DESC LIMIT ?`,
        args: [schedule, integer(limit)],
      });
      return rows.map(runRow);
    } catch (error) {
      if (isMissingTable(error)) return [];
      throw error;
    }
  },
});
