import type { InStatement } from '@libsql/client';
import type { StoreConnection } from './connection.js';
import type { GenerationScope } from './generations/scope.js';
import type { GenerationTables } from './generations/tables.js';
import { idList, integer } from './rows.js';

/** What changes whenever a row is written again. */
export interface RowWriter {
  sampleId: number;
  runId: string | null;
  createdAt: string | null;
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Counts what the statement before it deleted, in its transaction: a repeat after a crash adds nothing twice. */
const countChanges = (runId: string): InStatement => ({
  sql: 'UPDATE embedding_runs SET pruned = pruned + changes() WHERE run_id = ?',
  args: [runId],
});

/** Deleting what belongs to samples that are gone; who calls it has asked the catalog. */
export const createPrune = (connection: StoreConnection, scope: GenerationScope) => ({
  /** Ids of stored vectors > `after` (null: from the start), ascending. */
  async vectorIds({ after, limit }: { after: number | null; limit: number }): Promise<number[]> {
    const { rows } = await scope.read('vector ids', ({ vectors }) => ({
      sql: `SELECT sample_id FROM ${vectors} WHERE sample_id > ? ORDER BY sample_id LIMIT ?`,
      args: [integer(after ?? Number.MIN_SAFE_INTEGER), integer(limit)],
    }));
    return rows.map((row) => Number(row.sample_id));
  },

  /** Who wrote these rows, and when: so that they can be deleted as they were seen. */
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
   * Deletes these rows where they are still as they were seen. `countFor`: the run that prunes; failures of the same
   * samples go too. @returns how many were deleted.
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

  /** Samples that a run has pruned. */
  async prunedBy(runId: string): Promise<number> {
    const sql = 'SELECT pruned FROM embedding_runs WHERE run_id = ?';
    const { rows } = await connection.read('pruned', { sql, args: [runId] });
    return Number(rows[0]?.pruned ?? 0);
  },
});

export type Prune = ReturnType<typeof createPrune>;
