import { type Kysely, type RawBuilder, sql } from 'kysely';
import { usageFault } from '../../fault.js';
import type { DeclaredShape } from './shape.js';

const KEYS_A_STATEMENT = 1000;
/** Bytes of UTF-8. Limited by the store's index and by the size of a page of keys. */
export const LONGEST_KEY = 1024;

/** A row with its text id, which has no number yet. */
export interface KeyedRow {
  textId: string;
  unreadable?: string;
  [field: string]: unknown;
}

/** Casts an id to its column's type, so that the column's index and order are used. */
export const asKey = ({ ids, keyType }: DeclaredShape, key: string | number): RawBuilder<unknown> =>
  ids === 'integer'
    ? sql`cast(${key} as bigint)`
    : keyType === null
      ? sql`${key}`
      : sql`cast(${key} as ${sql.raw(keyType)})`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Returns the keys that the column could hold: PostgreSQL refuses to compare a uuid with anything else. */
const possible = ({ keyType }: DeclaredShape, keys: readonly string[]): string[] =>
  [...new Set(keys)].filter((key) => keyType !== 'uuid' || UUID.test(key));

const columnsOf = ({ samples, arrays }: DeclaredShape, columns: readonly string[] = samples) =>
  sql.join(
    columns.map((column) => {
      const value = sql.id('samples', column);
      return sql`${arrays.has(column) ? sql`to_json(${value})` : value} as ${sql.id(column)}`;
    }),
  );

/** Returns up to `limit` rows after the key, in the database's order. An id that occurs twice is returned twice. */
export async function pageOfKeys(
  db: Kysely<unknown>,
  shape: DeclaredShape,
  { after, limit, columns }: { after: string | null; limit: number; columns?: readonly string[] },
): Promise<KeyedRow[]> {
  const { rows } = await pageQuery(shape, { after, limit, ...(columns && { columns }) }).execute(db);
  return rows.map((row) => keyed(shape, row));
}

/** Returns the query of one page. For integer ids, the library's query differs only in its union of ranges. */
export const pageQuery = (
  shape: DeclaredShape,
  { after, limit, columns }: { after: string | number | null; limit: number; columns?: readonly string[] },
) =>
  sql<Record<string, unknown>>`
    select ${columnsOf(shape, columns)} from ${shape.fromSamples} as samples
    ${after === null ? sql`` : sql`where samples.id > ${asKey(shape, after)}`}
    order by samples.id limit ${limit}`;

/** Returns the rows of these keys, each once, in the database's order. */
export async function rowsOfKeys(
  db: Kysely<unknown>,
  shape: DeclaredShape,
  keys: readonly string[],
  columns?: readonly string[],
): Promise<KeyedRow[]> {
  const wanted = possible(shape, keys);
  const left = new Set(wanted);
  const found: KeyedRow[] = [];
  for (let start = 0; start < wanted.length; start += KEYS_A_STATEMENT) {
    const some = wanted.slice(start, start + KEYS_A_STATEMENT).map((key) => asKey(shape, key));
    const { rows } = await sql<Record<string, unknown>>`
      select ${columnsOf(shape, columns)} from ${shape.fromSamples} as samples
      where samples.id in (${sql.join(some)}) order by samples.id`.execute(db);
    // A case-insensitive column finds `A` for `a`. Here they are two keys.
    for (const row of rows.map((each) => keyed(shape, each))) if (left.delete(row.textId)) found.push(row);
  }
  return found;
}

/** Returns the keys that exist. */
export const existingKeys = async (
  db: Kysely<unknown>,
  shape: DeclaredShape,
  keys: readonly string[],
): Promise<string[]> => (await rowsOfKeys(db, shape, keys, ['id'])).map(({ textId }) => textId);

function keyed(shape: DeclaredShape, { id, ...fields }: Record<string, unknown>): KeyedRow {
  for (const [name, value] of Object.entries(fields))
    if (shape.arrays.has(name) && typeof value === 'string') fields[name] = JSON.parse(value);
  return { ...fields, textId: checkedKey(shape, id) };
}

/** Returns the id if it can be a key. Otherwise throws a usage Fault that names it and the cure. */
export function checkedKey({ idName }: Pick<DeclaredShape, 'idName'>, id: unknown): string {
  if (id === null || id === undefined)
    throw usageFault(
      `${idName} is NULL in some row: give every row an id, or exclude such rows with a SELECT`,
    );
  if (typeof id !== 'string')
    throw usageFault(
      `${idName} ${id instanceof Uint8Array ? 'of bytes' : id} is not text, unlike other ids: make all of them text with a ` +
        'SELECT that casts it',
    );
  const bytes = Buffer.byteLength(id);
  if (bytes > LONGEST_KEY)
    throw usageFault(
      `${idName} "${id.slice(0, 40)}…" has ${bytes.toLocaleString('en')} bytes, and an id may have ` +
        `${LONGEST_KEY.toLocaleString('en')}: name a shorter column, or give a hash of it by a SELECT`,
    );
  const fault = id.includes('\0') ? 'a NUL character' : /\ufffd/.test(id) ? 'bytes that are no UTF-8' : null;
  if (fault !== null)
    throw usageFault(
      `${idName} ${JSON.stringify(id)} holds ${fault}: write it anew, or exclude such rows with a SELECT`,
    );
  return id;
}
