import type { FailureRow } from '../types.js';
import type { GenerationScope } from './generations/scope.js';
import { readByIds } from './read-by-ids.js';
import { chunksOf, failureRow, idList } from './rows.js';

/** Ids in one IN clause. */
const CHUNK = 1000;

/** Creates the reads and deletes of failures: samples that failed and have not been stored since. */
export const createFailures = (scope: GenerationScope) => ({
  async failuresOf(ids: readonly number[]): Promise<FailureRow[]> {
    const rows = await readByIds(
      { scope, operation: 'failures', ids },
      ({ failures }) => `SELECT * FROM ${failures}`,
    );
    return rows.map(failureRow);
  },
  async listFailures({ after, limit }: { after: number | null; limit: number }): Promise<FailureRow[]> {
    const where = after === null ? '' : `WHERE sample_id > ${BigInt(after)}`;
    const { rows } = await scope.read(
      'failures',
      ({ failures }) => `SELECT * FROM ${failures} ${where} ORDER BY sample_id LIMIT ${BigInt(limit)}`,
    );
    return rows.map(failureRow);
  },
  async countFailures(): Promise<number> {
    const { rows } = await scope.read('failures', ({ failures }) => `SELECT COUNT(*) AS n FROM ${failures}`);
    return Number(rows[0]?.n ?? 0);
  },
  async forgetFailures(ids: readonly number[]): Promise<void> {
    for (const chunk of chunksOf(ids, CHUNK))
      await scope.write('forget failures', ({ failures }) => [
        `DELETE FROM ${failures} WHERE sample_id IN (${idList(chunk)})`,
      ]);
  },
});
