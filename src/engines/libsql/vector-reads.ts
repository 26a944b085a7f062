import type { GenerationScope } from './generations/scope.js';
import { readByIds } from './read-by-ids.js';
import { chunksOf, idList } from './rows.js';
import type { QueryVector } from './search-reads.js';
import { AS_FLOATS, hasDimensions } from './vector-form.js';

/** The text that a sample was embedded from. */
export interface StoredText {
  sampleId: number;
  /** Null: it was not kept. */
  text: string | null;
  /** Hash of model, dimensions and text; null: a row of the old script. */
  contentHash: string | null;
}

/** Reads of many rows at once, for folding, variety and duplicates. */
export interface VectorReads {
  /** Returns the vectors of these samples that have this length and this model, or no stated model. */
  vectorsOf(
    ids: readonly number[],
    kind: Pick<QueryVector, 'model'> & { dimensions: number },
  ): Promise<Map<number, Float32Array>>;
  textsOf(ids: readonly number[]): Promise<Map<number, StoredText>>;
  /** Returns up to `limit` rows after an id, ascending; null: from the first one on. */
  textsAfter(after: number | null, limit: number): Promise<StoredText[]>;
}

/** Servers refuse answers of more than 10 MB: this many vectors of 1,536 numbers, or long texts, fit. */
const AT_ONCE = 250;

const TEXT = 'sample_id, embedding_source, content_hash';

export const createVectorReads = (scope: GenerationScope): VectorReads => ({
  async vectorsOf(ids, { model, dimensions }) {
    const found = new Map<number, Float32Array>();
    for (const some of chunksOf(ids, AT_ONCE)) {
      const { rows } = await scope.read('vectors', ({ vectors }) => ({
        sql: `SELECT sample_id, ${AS_FLOATS} AS vibe_vector FROM ${vectors} WHERE sample_id IN (${idList(some)})
          AND (model = ?1 OR model IS NULL) AND ${hasDimensions('?2')}`,
        args: [model, BigInt(dimensions)],
      }));
      for (const row of rows)
        found.set(Number(row.sample_id), floatsOf(row.vibe_vector as ArrayBuffer | Uint8Array));
    }
    return found;
  },
  async textsOf(ids) {
    const found = new Map<number, StoredText>();
    const rows = await readByIds(
      { scope, operation: 'texts', ids, atOnce: AT_ONCE },
      ({ vectors }) => `SELECT ${TEXT} FROM ${vectors}`,
    );
    for (const row of rows) found.set(Number(row.sample_id), storedText(row));
    return found;
  },
  async textsAfter(after, limit) {
    const where = after === null ? '' : `WHERE sample_id > ${BigInt(after)}`;
    const { rows } = await scope.read(
      'texts',
      ({ vectors }) => `SELECT ${TEXT} FROM ${vectors} ${where} ORDER BY sample_id LIMIT ${BigInt(limit)}`,
    );
    return rows.map(storedText);
  },
});

const storedText = (row: Record<string, unknown>): StoredText => ({
  sampleId: Number(row.sample_id),
  text: typeof row.embedding_source === 'string' ? row.embedding_source : null,
  contentHash: typeof row.content_hash === 'string' ? row.content_hash : null,
});

/** Returns a copy: bytes from the database may not be aligned for floats. */
const floatsOf = (bytes: ArrayBuffer | Uint8Array): Float32Array =>
  new Float32Array(new Uint8Array(bytes).slice().buffer);
