import type { InStatement } from '@libsql/client';
import type { BatchCommit } from '../types.js';
import { NOW_ISO } from './clock.js';

/**
 * Vectors that were bought and that `sample_embeddings` refused. They wait in a table of ours until a commit can store
 * their text; until then the text counts as bought.
 */

/** Hashes of ?1, a JSON array, whose vectors may be copied. `more`: a further condition. */
export const HOLDS = (more: string): string =>
  ['sample_embeddings', 'kept_vectors']
    .map(
      (table) =>
        `SELECT content_hash FROM ${table} WHERE content_hash IN (SELECT value FROM json_each(?1)) ${more}`,
    )
    .join(' UNION ');

/** Which texts can be copied: a `reset` run copies only what it bought itself. */
export const holding = (hashes: readonly string[], onlyRun?: string): InStatement => ({
  sql: HOLDS(onlyRun === undefined ? '' : 'AND run_id = ?2'),
  args: [JSON.stringify(hashes), ...(onlyRun === undefined ? [] : [onlyRun])],
});

/** A vector of that text, the run's own before older ones; NULL where it has gone. Names of bound values. */
export const originalOf = (hash: string, runId: string): string => `COALESCE(
  (SELECT vibe_vector FROM sample_embeddings WHERE content_hash = ${hash} AND run_id = ${runId} LIMIT 1),
  (SELECT vector FROM kept_vectors WHERE content_hash = ${hash} AND run_id = ${runId}),
  (SELECT vibe_vector FROM sample_embeddings WHERE content_hash = ${hash} LIMIT 1),
  (SELECT vector FROM kept_vectors WHERE content_hash = ${hash} LIMIT 1))`;

/** Keeps a batch's vectors, each text once. */
export const keep = (batch: BatchCommit): InStatement[] =>
  batch.vectors.map(({ contentHash, vector }) => ({
    sql: `INSERT OR REPLACE INTO kept_vectors (content_hash, run_id, model, vector, created_at)
      VALUES (?, ?, ?, ?, ${NOW_ISO})`,
    args: [contentHash, batch.runId, batch.model, vector],
  }));

/** Deletes what rows that were written under this fence hold now. */
export const dropStored = (fence: bigint): InStatement => ({
  sql: `DELETE FROM kept_vectors WHERE EXISTS (SELECT 1 FROM sample_embeddings AS stored
    WHERE stored.content_hash = kept_vectors.content_hash AND stored.fence = ?)`,
  args: [fence],
});
