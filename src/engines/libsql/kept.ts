import type { InStatement } from '@libsql/client';
import type { BatchCommit } from '../types.js';
import { NOW_ISO } from './clock.js';
import type { GenerationTables } from './generations/tables.js';
import { idList } from './rows.js';

/**
 * Vectors that were bought and that `sample_embeddings` refused. They wait in a table of ours until a commit can store
 * their text; until then the text counts as bought.
 */

/**
 * Hashes of ?1, a JSON array, whose vectors may be copied, from whichever generation: a hash says all that makes a vector.
 * `more`: a further condition.
 */
export const HOLDS = ({ vectors, others }: GenerationTables, more: string): string =>
  [vectors, ...others, 'kept_vectors']
    .map(
      (table) =>
        `SELECT content_hash FROM ${table} WHERE content_hash IN (SELECT value FROM json_each(?1)) ${more}`,
    )
    .join(' UNION ');

/** Which texts can be copied: a `reset` run copies only what it bought itself. */
export const holding = (
  tables: GenerationTables,
  hashes: readonly string[],
  onlyRun?: string,
): InStatement => ({
  sql: HOLDS(tables, onlyRun === undefined ? '' : 'AND run_id = ?2'),
  args: [JSON.stringify(hashes), ...(onlyRun === undefined ? [] : [onlyRun])],
});

/** A vector of that text, the run's own before older ones; NULL where it has gone. Names of bound values. */
export const originalOf = (
  { vectors, others }: GenerationTables,
  hash: string,
  runId: string,
): string => `COALESCE(
  (SELECT vibe_vector FROM ${vectors} WHERE content_hash = ${hash} AND run_id = ${runId} LIMIT 1),
  (SELECT vector FROM kept_vectors WHERE content_hash = ${hash} AND run_id = ${runId}),
  ${[vectors, ...others].map((table) => `(SELECT vibe_vector FROM ${table} WHERE content_hash = ${hash} LIMIT 1)`).join(', ')},
  (SELECT vector FROM kept_vectors WHERE content_hash = ${hash} LIMIT 1))`;

/** Keeps a batch's vectors, each text once. */
export const keep = (batch: BatchCommit): InStatement[] =>
  batch.vectors.map(({ contentHash, vector }) => ({
    sql: `INSERT OR REPLACE INTO kept_vectors (content_hash, run_id, model, vector, created_at)
      VALUES (?, ?, ?, ?, ${NOW_ISO})`,
    args: [contentHash, batch.runId, batch.model, vector],
  }));

/**
 * Keeps what rows of the batch hold that others of it copy: where texts move from row to row, as those of files that are
 * renumbered, a row may be overwritten before it is copied. `dropStored` deletes it again.
 */
export const keepOriginals = (
  { vectors }: GenerationTables,
  { vectors: bought, copies }: BatchCommit,
): InStatement[] =>
  copies.length === 0
    ? []
    : [
        {
          sql: `INSERT INTO kept_vectors (content_hash, run_id, model, vector, created_at)
            SELECT content_hash, run_id, model, vibe_vector, ${NOW_ISO} FROM ${vectors}
            WHERE sample_id IN (${idList([...bought, ...copies].map((row) => row.sampleId))})
            AND content_hash IN (SELECT value FROM json_each(?)) ON CONFLICT DO NOTHING`,
          args: [JSON.stringify(copies.map((row) => row.contentHash))],
        },
      ];

/** Deletes what rows that were written under this fence hold now. */
export const dropStored = ({ vectors }: GenerationTables, fence: bigint): InStatement => ({
  sql: `DELETE FROM kept_vectors WHERE EXISTS (SELECT 1 FROM ${vectors} AS stored
    WHERE stored.content_hash = kept_vectors.content_hash AND stored.fence = ?)`,
  args: [fence],
});
