import { type RawBuilder, sql } from 'kysely';
import type { Backend } from '../backend.js';

const NUMBERS = /^(smallint|integer|bigint|numeric|real|double precision)$/;
const TEXTS = /^(text|character varying|character|bpchar|name|uuid|(.+\.)?citext)$/;

/** Returns whether an id column holds whole numbers or text; null for neither. */
export async function idKind(
  backend: Backend,
  { from, column, type }: { from: RawBuilder<unknown>; column: string; type: string },
): Promise<'integer' | 'text' | null> {
  if (backend.dialect === 'postgres')
    return NUMBERS.test(type) ? 'integer' : TEXTS.test(type) ? 'text' : null;
  // SQLite's type affinities. Other columns hold any values: the first row decides, and inspect() checks the rest.
  if (type === 'rowid' || /int/.test(type)) return 'integer';
  if (/char|clob|text/.test(type)) return 'text';
  const id = sql.id('rows', column);
  const { rows } = await backend.run(() =>
    sql<{ type: string }>`
      select typeof(${id}) as type from ${from} as rows where ${id} is not null limit 1`.execute(backend.db),
  );
  return /^(integer|real)$/.test(rows[0]?.type ?? '') ? 'integer' : 'text';
}

/** Returns PostgreSQL's name of a text type for a cast: `character` alone would be one letter. */
export const keyType = (type: string): string => (type === 'character' ? 'bpchar' : type);
