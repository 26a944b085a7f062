import type { StoredRow } from '../types.js';
import type { GenerationScope } from './generations/scope.js';
import { readByIds } from './read-by-ids.js';
import { STORED_COLUMNS, storedRow } from './rows.js';

/** Creates the reads of what is stored of samples, without vectors. */
export const createStoredRows = (scope: GenerationScope) => ({
  async storedRows(ids: readonly number[]): Promise<StoredRow[]> {
    const rows = await readByIds(
      { scope, operation: 'stored rows', ids },
      ({ vectors }) => `SELECT ${STORED_COLUMNS} FROM ${vectors}`,
    );
    return rows.map(storedRow);
  },
  async adopt(rows: readonly { sampleId: number; contentHash: string; model: string }[]): Promise<void> {
    await scope.write('adopt', ({ vectors }) =>
      rows.map(({ sampleId, contentHash, model }) => ({
        sql: `UPDATE ${vectors} SET content_hash = ?, model = ? WHERE sample_id = ? AND content_hash IS NULL`,
        args: [contentHash, model, BigInt(sampleId)],
      })),
    );
  },
  async countVectors(): Promise<number> {
    const { rows } = await scope.read('count', ({ vectors }) => `SELECT COUNT(*) AS n FROM ${vectors}`);
    return Number(rows[0]?.n ?? 0);
  },
});
