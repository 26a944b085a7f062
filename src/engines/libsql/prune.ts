import type { InStatement } from '@libsql/client';
import type { StoreConnection } from './connection.js';
import type { GenerationScope } from './generations/scope.js';
import type { GenerationTables } from './generations/tables.js';
import { idList, integer } from './rows.js';

/** One version of a row: run and time change whenever the row is written again. */
export interface RowWriter {
  sampleId: number;
  runId: string | null;
  createdAt: string | null;
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Counts what the previous statement deleted, in the same transaction: a retry after a crash counts nothing twice. */
const countChanges = (runId: string): InStatement => ({
  sql: 'UPDATE embedding_runs SET pruned = pruned + changes() WHERE run_id = ?',
  args: [runId],
});

/** Creates the deletes for samples that are gone. The caller has checked the catalog. */
export const createPrune = (connection: StoreConnection, scope: GenerationScope) => ({
  /** Returns ids of stored vectors > `after` (null: from the start), ascending. */
  async vectorIds({ after, limit }: { after: number | null; limit: number }): Promise<number[]> {
    const { rows } = await scope.read('vector ids', ({ vectors }) => ({
      sql: `SELECT sample_id FROM ${vectors} WHERE sample_id > ? ORDER BY sample_id LIMIT ?`,
      args: [integer(after ?? Number.MIN_SAFE_INTEGER), integer(limit)],
    }));
    return rows.map((row) => Number(row.sample_id));
  },

  /** Returns who wrote these rows and when, so that only unchanged rows are deleted later. */
  async writersOf(ids: readonly number[]): Promise<RowWriter[]> {
    const { rows } = await scope.read(
      'writers',
      ({ vectors }) => `SELECT sample_id, run_id, CAST(created_at AS TEXT) AS created_at FROM ${vectors}
      WHERE sample_id IN (${idList(ids)})`,
    );
    return rows.map((row) => ({
      sampleId: Number(row.sample_id),
      runId: text(row.run_id),
      createdAt: text(row.created_at),
    }));
  },

  /**
   * Deletes these rows if they have not changed since `writersOf`. `countFor`: the run that prunes; failures of the
   * same samples are deleted too. @returns the number of deleted rows.
   */
  async removeVectors(rows: readonly RowWriter[], countFor?: string): Promise<number> {
    if (rows.length === 0) return 0;
    const remove = ({ vectors }: GenerationTables): InStatement => ({
      sql: `DELETE FROM ${vectors} WHERE (sample_id, COALESCE(run_id, ''), COALESCE(CAST(created_at AS TEXT), '')) IN
        (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
          FROM json_each(?))`,
      args: [JSON.stringify(rows.map((row) => [row.sampleId, row.runId ?? '', row.createdAt ?? '']))],
    });
    const failures = (tables: GenerationTables): string =>
      `DELETE FROM ${tables.failures} WHERE sample_id IN (${idList(rows.map((row) => row.sampleId))})
      AND sample_id NOT IN (SELECT sample_id FROM ${tables.vectors})`;
    const [result] = await scope.write('remove', (tables) =>
      countFor === undefined ? [remove(tables)] : [remove(tables), countChanges(countFor), failures(tables)],
    );
    return result?.rowsAffected ?? 0;
  },

  /** Deletes the failures of these samples, which have no vector, and counts them for the run. */
  async removeFailures(ids: readonly number[], countFor: string): Promise<void> {
    if (ids.length === 0) return;
    await scope.write('remove', ({ failures }) => [
      `DELETE FROM ${failures} WHERE sample_id IN (${idList(ids)})`,
      countChanges(countFor),
    ]);
  },

  /** Returns how many samples a run has pruned. */
  async prunedBy(runId: string): Promise<number> {
    const sql = 'SELECT pruned FROM embedding_runs WHERE run_id = ?';
    const { rows } = await connection.read('pruned', { sql, args: [runId] });
    return Number(rows[0]?.pruned ?? 0);
  },
});

export type Prune = ReturnType<typeof createPrune>;
