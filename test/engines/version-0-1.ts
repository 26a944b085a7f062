import { createClient, type InStatement, type ResultSet } from '@libsql/client';
import { MIGRATIONS } from '../../src/engines/libsql/migrations.js';

/** What version 0.1.0 sends to a store, word for word: its workers may still run when the tables have been migrated. */

const FIRST_FOUR = MIGRATIONS.slice(0, 4) as readonly (readonly string[])[];

/** Several statements in one transaction, by a client of their own. */
export async function write(url: string, statements: InStatement[]): Promise<ResultSet[]> {
  const client = createClient({ url, timeout: 5000 });
  try {
    return await client.batch(statements, 'write');
  } finally {
    client.close();
  }
}

/** The tables as 0.1.0 leaves them. */
export const OLD_STORE: InStatement[] = [
  'CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL)',
  ...FIRST_FOUR.flatMap((statements, index) => [
    `INSERT INTO schema_migrations VALUES (${index + 1}, '2026-11-23T00:00:00.000Z')`,
    ...statements,
  ]),
];

/** Makes rows known to search. */
function enterStatements(ids: readonly number[]): string[] {
  const unknown = `FROM sample_embeddings WHERE sample_id IN (${ids.join(',')}) AND NOT EXISTS
    (SELECT 1 FROM sample_signatures AS known WHERE known.sample_id = sample_embeddings.sample_id)`;
  return [
    `INSERT INTO sample_texts (rowid, embedding_source) SELECT sample_id, embedding_source ${unknown}`,
    `INSERT INTO sample_signatures SELECT sample_id,
      CASE WHEN length(vibe_vector) > 0 AND length(vibe_vector) % 4 = 0 THEN vector1bit(vibe_vector) END ${unknown}`,
  ];
}

export const openAttempt = (
  requestId: string,
  hashes: readonly string[],
  createdAt: string,
): InStatement => ({
  sql: `INSERT INTO api_usage (request_id, run_id, batch_id, model, operation, status, created_at, extra_metadata, text_hashes)
    VALUES (?, ?, ?, ?, ?, 'pending', ?, json_object('bound_nanos', ?), ?)`,
  args: [requestId, 'old-run', 'b1', 'm', 'embeddings', createdAt, 5000n, JSON.stringify(hashes)],
});

/** Its claim: gives up, opens, looks. */
export const claim = (requestId: string, hashes: readonly string[]): InStatement[] => [
  {
    sql: `UPDATE api_usage SET status = 'uncertain', settled_at = ?, text_hashes = NULL
    WHERE run_id = ? AND batch_id = ? AND status = 'pending' RETURNING created_at`,
    args: [new Date().toISOString(), 'old-run', 'b1'],
  },
  openAttempt(requestId, hashes, new Date().toISOString()),
  `SELECT sample_id, content_hash, run_id, length(vibe_vector) AS vector_bytes,
  CASE WHEN content_hash IS NULL THEN embedding_source END AS source FROM sample_embeddings WHERE sample_id IN (1,2)`,
  {
    sql: 'SELECT DISTINCT content_hash FROM sample_embeddings WHERE content_hash IN (?)',
    args: [hashes[0] ?? ''],
  },
  {
    sql: `SELECT DISTINCT theirs.value AS hash FROM api_usage, json_each(api_usage.text_hashes) AS theirs
          WHERE run_id = ?1 AND status = 'pending' AND batch_id <> ?2
          AND theirs.value IN (SELECT value FROM json_each(?3))`,
    args: ['old-run', 'b1', JSON.stringify(hashes)],
  },
  "SELECT * FROM embedding_failures WHERE sample_id IN (1,2) AND permanent = 1 AND run_id = 'old-run'",
];

const COLUMNS =
  'sample_id, vibe_vector, embedding_source, created_at, content_hash, model, run_id, run_started_at';
const UPSERT = `ON CONFLICT (sample_id) DO UPDATE SET vibe_vector = excluded.vibe_vector,
  embedding_source = excluded.embedding_source, created_at = excluded.created_at, content_hash = excluded.content_hash,
  model = excluded.model, run_id = excluded.run_id, run_started_at = excluded.run_started_at
  WHERE sample_embeddings.run_started_at IS NULL OR sample_embeddings.run_started_at <= excluded.run_started_at`;

/** Its commit of one vector, a copy of it onto the next id, a failure of the id after that, and a settlement. */
export const commit = (
  sampleId: number,
  contentHash: string,
  { requestId, startedAt }: { requestId: string; startedAt: string },
): InStatement[] => [
  {
    sql: `UPDATE embedding_runs SET stored = stored + 1, copied = copied + 1,
        failed = failed + 1, noted = noted + 0,
        last_processed_id = MAX(COALESCE(last_processed_id, ?4), COALESCE(?4, last_processed_id)), updated_at = ?5
        WHERE run_id = ?1`,
    args: ['old-run', startedAt, 0n, BigInt(sampleId), new Date().toISOString()],
  },
  {
    sql: `UPDATE embedding_runs SET requests = requests + 1, tokens = tokens + ?, cost_nanos = cost_nanos + ?
        WHERE run_id = ? AND EXISTS (SELECT 1 FROM api_usage WHERE request_id = ? AND status = 'pending')`,
    args: [100n, 2000n, 'old-run', requestId],
  },
  {
    sql: `INSERT INTO sample_embeddings (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ${UPSERT}`,
    args: [
      BigInt(sampleId),
      new Uint8Array(16).fill(1),
      'old text',
      '2026-11-23 04:00:00',
      contentHash,
      'm',
      'old-run',
      startedAt,
    ],
  },
  {
    sql: `INSERT INTO sample_embeddings (${COLUMNS}) SELECT ?1, COALESCE(
        (SELECT vibe_vector FROM sample_embeddings WHERE content_hash = ?4 AND run_id = ?6 LIMIT 1),
        (SELECT vibe_vector FROM sample_embeddings WHERE content_hash = ?4 LIMIT 1)
      ), ?2, ?3, ?4, ?5, ?6, ?7 WHERE true ${UPSERT}`,
    args: [BigInt(sampleId + 1), 'old text', '2026-11-23 04:00:00', contentHash, 'm', 'old-run', startedAt],
  },
  ...enterStatements([sampleId, sampleId + 1]),
  {
    sql: `INSERT INTO embedding_failures (sample_id, reason, message, content_hash, permanent, attempts, run_id, failed_at)
      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS
      (SELECT 1 FROM sample_embeddings WHERE sample_id = ?1 AND (run_id = ?7 OR run_started_at > ?9))
      ON CONFLICT (sample_id) DO UPDATE SET reason = excluded.reason,
      message = excluded.message, content_hash = excluded.content_hash, permanent = excluded.permanent,
      attempts = excluded.attempts, run_id = excluded.run_id, failed_at = excluded.failed_at`,
    args: [
      BigInt(sampleId + 2),
      'Rejected',
      'no',
      null,
      1n,
      1n,
      'old-run',
      new Date().toISOString(),
      startedAt,
    ],
  },
  {
    sql: `UPDATE api_usage SET status = ?, input_tokens = ?, output_tokens = ?, total_tokens = ?, input_cost = ?,
      output_cost = ?, total_cost = ?, total_cost_nanos = ?, settled_at = ?, text_hashes = NULL,
      extra_metadata = json_patch(COALESCE(extra_metadata, '{}'), ?) WHERE request_id = ? AND status = 'pending'`,
    args: [
      'settled',
      100n,
      0n,
      100n,
      0.000002,
      0,
      0.000002,
      2000n,
      new Date().toISOString(),
      '{"cost_source":"provider"}',
      requestId,
    ],
  },
  {
    sql: `SELECT COUNT(*) AS requests, CAST(COALESCE(SUM(total_tokens), 0) AS TEXT) AS tokens,
      CAST(COALESCE(SUM(CASE WHEN total_cost_nanos IS NULL THEN json_extract(extra_metadata, '$.bound_nanos') END), 0) AS TEXT) AS uncertain
      FROM api_usage WHERE run_id = ? AND batch_id = ?`,
    args: ['old-run', 'b1'],
  },
];

export const saveRun = (state: string): InStatement => ({
  sql: `INSERT INTO embedding_runs (run_id, workflow_id, request, state, reason, selected, stored, unchanged, failed, copied,
          noted, requests, tokens, cost_nanos, last_processed_id, started_at, updated_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (run_id) DO UPDATE SET request = excluded.request, state = excluded.state,
          reason = excluded.reason, requests = MAX(requests, excluded.requests), tokens = MAX(tokens, excluded.tokens),
          cost_nanos = MAX(cost_nanos, excluded.cost_nanos), updated_at = excluded.updated_at,
          last_processed_id = COALESCE(MAX(last_processed_id, excluded.last_processed_id), last_processed_id, excluded.last_processed_id)`,
  args: [
    ...['old-run', 'embed-samples', '{}', state, null],
    ...[0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, null],
    ...['2026-11-23T04:00:00.000Z', '2026-11-23T04:00:00.000Z'],
  ],
});
