import type { InStatement } from '@libsql/client';
import type { StoreConnection } from '../connection.js';
import { failuresTable, vectorsTable } from './tables.js';

/** Views and triggers that this program makes and that follow their table by themselves. */
const OURS = /^(sample_search(_\d+)?|sample_search_(update|delete)(_\d+)?|only_generation_\d+_\w+)$/;

/**
 * Returns the statements of a switch: the active generation's tables are renamed, and those of the other take their
 * names. No row is copied. Views and triggers of other programs would follow the renamed table, so they are created
 * again over the new one. Indexes of other programs stay.
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
