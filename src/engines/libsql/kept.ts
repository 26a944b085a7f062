import type { InStatement } from '@libsql/client';
import type { BatchCommit } from '../types.js';
import { NOW_ISO } from './clock.js';
import type { GenerationTables } from './generations/tables.js';
import { idList } from './rows.js';

/**
 * Vectors that were bought and that `sample_embeddings` refused. They stay in `kept_vectors` until a commit can store
 * their text; until then the text counts as bought.
 */

/**
 * Selects the hashes of ?1, a JSON array, whose vectors can be copied from any generation: a hash covers everything
 * that determines a vector. `more`: a further condition.
 */
export const availableHashesSql = ({ vectors, others }: GenerationTables, more: string): string =>
  [vectors, ...others, 'kept_vectors']
    .map(
      (table) =>
        `SELECT content_hash FROM ${table} WHERE content_hash IN (SELECT value FROM json_each(?1)) ${more}`,
    )
    .join(' UNION ');

/** Selects the texts that can be copied: a `reset` run copies only what it bought itself. */
export const selectAvailable = (
  tables: GenerationTables,
  hashes: readonly string[],
  onlyRun?: string,
): InStatement => ({
  sql: availableHashesSql(tables, onlyRun === undefined ? '' : 'AND run_id = ?2'),
  args: [JSON.stringify(hashes), ...(onlyRun === undefined ? [] : [onlyRun])],
});

/**
 * Returns SQL for a vector of that text, the run's own before older ones; NULL if it is gone. `hash`, `runId`: names of
 * bound values.
 */
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
 * Keeps the vectors of the batch's rows that other rows of it copy. Where texts move between rows, as when files are
 * renumbered, a row may be overwritten before it is copied. `dropStored` deletes these vectors again.
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

/** Deletes the kept vectors whose texts are stored in rows written under this fence. */
export const dropStored = ({ vectors }: GenerationTables, fence: bigint): InStatement => ({
  sql: `DELETE FROM kept_vectors WHERE EXISTS (SELECT 1 FROM ${vectors} AS stored
    WHERE stored.content_hash = kept_vectors.content_hash AND stored.fence = ?)`,
  args: [fence],
});
