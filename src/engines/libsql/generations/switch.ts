import type { InStatement } from '@libsql/client';
import type { StoreConnection } from '../connection.js';
import { failuresTable, vectorsTable } from './tables.js';

/** What this program makes and what follows its table by itself. */
const OURS = /^(sample_search(_\d+)?|sample_search_(update|delete)(_\d+)?|only_generation_\d+_\w+)$/;

/**
 * The active generation's tables go aside, those of the other take their names. Nothing is copied. Views and triggers of
 * others would follow the table that goes aside: they are made anew over the one that comes. Indexes of others stay.
 */
export async function switchStatements(
  connection: StoreConnection,
  { from, to }: { from: number; to: number },
): Promise<InStatement[]> {
  const { rows } = await connection.read(
    'views',
    `SELECT type, name, sql FROM sqlite_master WHERE type IN ('view', 'trigger')
      AND (sql LIKE '%sample_embeddings%' OR sql LIKE '%embedding_failures%') ORDER BY rowid`,
  );
  const theirs = rows
    .map((row) => ({ type: String(row.type), name: String(row.name), sql: String(row.sql) }))
    .filter(({ name }) => !OURS.test(name));
  const views = theirs.filter(({ type }) => type === 'view');
  const triggers = theirs.filter(({ type }) => type === 'trigger');
  return [
    ...triggers.map(({ name }) => `DROP TRIGGER IF EXISTS ${quoted(name)}`),
    ...[...views].reverse().map(({ name }) => `DROP VIEW IF EXISTS ${quoted(name)}`),
    ...[vectorsTable, failuresTable].flatMap((nameOf) => [
      `ALTER TABLE ${nameOf(from, from)} RENAME TO ${nameOf(from, to)}`,
      `ALTER TABLE ${nameOf(to, from)} RENAME TO ${nameOf(to, to)}`,
    ]),
    ...views.map(({ sql }) => sql),
    ...triggers.map(({ sql }) => sql),
  ];
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
