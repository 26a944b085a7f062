import type { StoreConnection } from './connection.js';
import { integer, runRow } from './rows.js';
import type { RunRow } from './types.js';

const COUNTS = [
  'selected',
  'stored',
  'unchanged',
  'failed',
  'copied',
  'noted',
  'requests',
  'tokens',
  'cost_nanos',
];

const isMissingTable = (error: unknown): boolean => /no such table/i.test((error as Error).message);

/** The mirror of runs. Its counts only rise: what batches committed since is never overwritten by an older word. */
export const createRuns = (connection: StoreConnection) => ({
  async saveRun(run: Omit<RunRow, 'updatedAt'>): Promise<void> {
    const { totals } = run;
    const counts = [
      totals.selected,
      totals.stored,
      totals.unchanged,
      totals.failed,
      totals.copied,
      totals.noted,
      totals.requests,
      totals.tokens,
      totals.costNanos,
    ];
    const rising = COUNTS.map((name) => `${name} = MAX(${name}, excluded.${name})`).join(', ');
    await connection.write('save run', [
      {
        sql: `INSERT INTO embedding_runs (run_id, workflow_id, request, state, reason, ${COUNTS.join(', ')},
          last_processed_id, started_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (run_id) DO UPDATE SET request = excluded.request, state = excluded.state,
          reason = excluded.reason, ${rising}, updated_at = excluded.updated_at,
          last_processed_id = COALESCE(MAX(last_processed_id, excluded.last_processed_id), last_processed_id, excluded.last_processed_id)`,
        args: [
          run.runId,
          run.workflowId,
          run.request,
          run.state,
          run.reason,
          ...counts.map(integer),
          integer(totals.lastProcessedId),
          run.startedAt,
          new Date().toISOString(),
        ],
      },
    ]);
  },
  async latestRun(runId?: string): Promise<RunRow | null> {
    try {
      const which = runId === undefined ? 'ORDER BY started_at DESC LIMIT 1' : 'WHERE run_id = ?';
      const args = runId === undefined ? [] : [runId];
      const { rows } = await connection.read('latest run', {
        sql: `SELECT *, (SELECT COUNT(*) FROM api_usage WHERE api_usage.run_id = embedding_runs.run_id
          AND status = 'settled' AND total_cost_nanos IS NULL) AS unpriced FROM embedding_runs ${which}`,
        args,
      });
      return rows[0] === undefined ? null : runRow(rows[0]);
    } catch (error) {
      if (isMissingTable(error)) return null;
      throw error;
    }
  },
  async runsOfSchedule(schedule: string, limit: number): Promise<RunRow[]> {
    try {
      const { rows } = await connection.read('runs of a schedule', {
        sql: `SELECT * FROM embedding_runs WHERE CASE WHEN json_valid(request) THEN json_extract(request, '$.scheduledBy.schedule') END = ?
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
