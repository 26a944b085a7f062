import type { StoredRow } from '../types.js';
import type { GenerationScope } from './generations/scope.js';
import { chunksOf, idList, STORED_COLUMNS, storedRow } from './rows.js';

/** Ids in one IN clause. */
const CHUNK = 1000;

/** What is stored of samples, vectors left out. */
export const createStoredRows = (scope: GenerationScope) => ({
  async storedRows(ids: readonly number[]): Promise<StoredRow[]> {
    const found = [];
    for (const chunk of chunksOf(ids, CHUNK)) {
      const { rows } = await scope.read(
        'stored rows',
        ({ vectors }) => `SELECT ${STORED_COLUMNS} FROM ${vectors} WHERE sample_id IN (${idList(chunk)})`,
      );
      found.push(...rows.map(storedRow));
    }
    return found;
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
