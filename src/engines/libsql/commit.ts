import type { InStatement, InValue } from '@libsql/client';
import type { BatchCommit } from '../types.js';
import { NOW_ISO } from './clock.js';
import { isNewer } from './fence.js';
import type { GenerationTables } from './generations/tables.js';
import { dropStored, keepOriginals, originalOf } from './kept.js';
import { open } from './ledger.js';
import { idList, integer } from './rows.js';
import { enterStatements } from './search-words-schema.js';
import { settle } from './settle.js';

/** Rows of one statement: far below 32,766 bound values, and a few megabytes of vectors. */
const ROWS_A_STATEMENT = 500;
const COLUMNS =
  'sample_id, vibe_vector, embedding_source, created_at, content_hash, model, run_id, run_started_at, fence';
/** A writer whose claim is older than that of the row's last writer changes nothing. */
const upsert = (
  table: string,
): string => `ON CONFLICT (sample_id) DO UPDATE SET vibe_vector = excluded.vibe_vector,
  embedding_source = excluded.embedding_source, created_at = excluded.created_at, content_hash = excluded.content_hash,
  model = excluded.model, run_id = excluded.run_id, run_started_at = excluded.run_started_at, fence = excluded.fence
  WHERE ${isNewer(table, 'excluded.fence')} IS NOT TRUE`;

const storedIds = (batch: BatchCommit): number[] =>
  [...batch.vectors, ...batch.copies].map((row) => row.sampleId);

/** Returns the statements of one batch's transaction, ordered so that repeating the transaction changes nothing. */
export function commitStatements(
  tables: GenerationTables,
  batch: BatchCommit,
  leaseMs: number,
): InStatement[] {
  const stored = storedIds(batch);
  return [
    ...totals(tables, batch, stored),
    ...keepOriginals(tables, batch),
    ...vectors(tables, batch),
    ...copies(tables, batch),
    ...enterStatements([...batch.vectors, ...batch.copies], tables),
    ...failures(tables, batch, stored),
    ...(stored.length > 0 ? [dropStored(tables, BigInt(batch.fence))] : []),
    ...settle(batch),
    ...(batch.opens ?? []).map((attempt) =>
      open(attempt, { leaseMs, generation: tables.number, again: 'committed' }),
    ),
  ];
}

/** Selects the batch's rows that were not written. */
export const superseded = ({ vectors }: GenerationTables, batch: BatchCommit): InStatement => ({
  sql: `SELECT sample_id FROM ${vectors} WHERE sample_id IN (${idList(storedIds(batch))})
    AND ${isNewer(vectors, '?')}`,
  args: [BigInt(batch.fence)],
});

/** Runs before the rows change: counts only samples that neither this run nor a newer claim has written. */
function totals(tables: GenerationTables, batch: BatchCommit, stored: number[]): InStatement[] {
  const copied = batch.copies.map((row) => row.sampleId);
  const failed = batch.failures.map((row) => row.sampleId);
  if (stored.length + failed.length === 0) return [];
  const untouched = (table: string, ids: number[]): string =>
    `SELECT sample_id FROM ${table} WHERE sample_id IN (${idList(ids)}) AND (run_id = ?1 OR ${isNewer(table, '?2')})`;
  const added = (ids: number[]): string =>
    ids.length === 0 ? '0' : `(${ids.length} - (SELECT COUNT(*) FROM (${untouched(tables.vectors, ids)})))`;
  const newFailures =
    failed.length === 0
      ? '0'
      : `(${failed.length} - (SELECT COUNT(*) FROM (${untouched(tables.vectors, failed)}
        UNION ${untouched(tables.failures, failed)})))`;
  const last = stored.reduce<number | null>((max, id) => (max === null || id > max ? id : max), null);
  return [
    {
      sql: `UPDATE embedding_runs SET stored = stored + ${added(stored)}, copied = copied + ${added(copied)},
        failed = failed + ${newFailures}, noted = noted + CASE WHEN ${added(stored)} > 0 THEN ?3 ELSE 0 END,
        last_processed_id = MAX(COALESCE(last_processed_id, ?4), COALESCE(?4, last_processed_id)),
        updated_at = ${NOW_ISO} WHERE run_id = ?1`,
      args: [batch.runId, BigInt(batch.fence), integer(batch.notedDelta), integer(last)],
    },
  ];
}

/** Binds the values that all rows of a batch share only once. */
function vectors({ vectors: table }: GenerationTables, batch: BatchCommit): InStatement[] {
  const statements: InStatement[] = [];
  for (let from = 0; from < batch.vectors.length; from += ROWS_A_STATEMENT) {
    const rows = batch.vectors.slice(from, from + ROWS_A_STATEMENT);
    const args: InValue[] = [batch.model, batch.runId, batch.runStartedAt, BigInt(batch.fence)];
    const values = rows.map(({ sampleId, vector, text, contentHash }) => {
      const at = args.push(BigInt(sampleId), vector, text, contentHash);
      return `(?${at - 3}, ?${at - 2}, ?${at - 1}, datetime('now'), ?${at}, ?1, ?2, ?3, ?4)`;
    });
    const sql = `INSERT INTO ${table} (${COLUMNS}) VALUES ${values.join(', ')} ${upsert(table)}`;
    statements.push({ sql, args });
  }
  return statements;
}

/**
 * Copies vectors. If an original is gone meanwhile, the copy is NULL, which the column refuses: the whole commit fails
 * and the batch claims again, instead of losing a sample.
 */
const copies = (tables: GenerationTables, batch: BatchCommit): InStatement[] =>
  batch.copies.map(({ sampleId, text, contentHash }) => ({
    sql: `INSERT INTO ${tables.vectors} (${COLUMNS})
      SELECT ?1, ${originalOf(tables, '?3', '?5')}, ?2, datetime('now'), ?3, ?4, ?5, ?6, ?7 WHERE true ${upsert(tables.vectors)}`,
    args: [
      BigInt(sampleId),
      text,
      contentHash,
      batch.model,
      batch.runId,
      batch.runStartedAt,
      BigInt(batch.fence),
    ],
  }));

export const isCopyWithoutOriginal = (batch: BatchCommit, words: string): boolean =>
  batch.copies.length > 0 && /NOT NULL constraint failed: sample_embeddings(_g\d+)?\.vibe_vector/.test(words);

/** Records no failure of a sample that this run or a newer claim has stored, even if a late writer reports one. */
function failures(
  { vectors: table, failures: failed }: GenerationTables,
  batch: BatchCommit,
  stored: number[],
): InStatement[] {
  const fence = BigInt(batch.fence);
  const statements: InStatement[] = batch.failures.map((failure) => ({
    sql: `INSERT INTO ${failed}
        (sample_id, reason, message, content_hash, permanent, attempts, run_id, failed_at, fence)
      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ${NOW_ISO}, ?8 WHERE NOT EXISTS
      (SELECT 1 FROM ${table} WHERE sample_id = ?1 AND (run_id = ?7 OR ${isNewer(table, '?8')}))
      ON CONFLICT (sample_id) DO UPDATE SET reason = excluded.reason,
      message = excluded.message, content_hash = excluded.content_hash, permanent = excluded.permanent,
      attempts = excluded.attempts, run_id = excluded.run_id, failed_at = excluded.failed_at, fence = excluded.fence
      WHERE ${isNewer(failed, 'excluded.fence')} IS NOT TRUE`,
    args: [
      BigInt(failure.sampleId),
      failure.reason,
      failure.message,
      failure.contentHash,
      failure.permanent ? 1n : 0n,
      BigInt(failure.attempts),
      batch.runId,
      fence,
    ],
  }));
  if (stored.length > 0)
    statements.push({
      sql: `DELETE FROM ${failed} WHERE sample_id IN (${idList(stored)})
        AND ${isNewer(failed, '?')} IS NOT TRUE`,
      args: [fence],
    });
  return statements;
}
