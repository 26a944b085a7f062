import { sql } from 'kysely';
import { usageFault } from '../../fault.js';
import type { AnyRow, Backend, Column, FoundTable, Shape } from '../backend.js';
import type { DeclaredRows } from '../types.js';
import { findSelect, findTable } from './find-rows.js';
import { idKind, keyType } from './id-kind.js';

/** Declared rows as they were found; `samples` and `fromSamples` give them with the id under the name `id`. */
export interface DeclaredShape extends Shape {
  /** Whether ids are numbers themselves. */
  ids: 'integer' | 'text';
  /** What a text id is cast to before it is compared, so that the id's index serves; null: nothing. */
  keyType: string | null;
  /** For a FROM clause, under any alias: every column there is. */
  source: FoundTable['from'];
  /** In the words of the database. */
  idColumn: string;
  columns: ReadonlyMap<string, Column>;
  /** Declared fields that are not there. */
  missing: string[];
}

/** Names that a row has for itself. */
const TAKEN = ['id', 'textId', 'unreadable'];
const isTaken = (field: string): boolean => TAKEN.includes(field);

/** The setting that the rows come from, for the head of a sentence. */
export const settingOf = (rows: DeclaredRows): string => ('table' in rows ? 'source.table' : 'source.select');

/** What is read, for sentences. */
export const nameOf = (rows: DeclaredRows): string => ('table' in rows ? rows.table : 'source.select');

/** Finds the rows. Throws a usage Fault where there are none to read, without an id, or with one of another type. */
export async function discoverDeclared(backend: Backend, rows: DeclaredRows): Promise<DeclaredShape> {
  // An id named `id` is the row's own; under another name it may be a field besides.
  const fields = [...new Set(rows.fields)].filter((field) => field !== rows.id || !isTaken(field));
  const taken = fields.filter(isTaken);
  if (taken.length > 0)
    throw usageFault(
      `source.fields: a row has ${taken.join(', ')} for its own; give the column another name by a SELECT, like ${taken[0]} AS its_${taken[0]}`,
    );
  const { from, columns } =
    'table' in rows
      ? await findTable(backend, rows.table)
      : await findSelect(backend, rows.select, [rows.id, ...fields]);
  const has = (column: string): Column | undefined =>
    columns.get(backend.dialect === 'sqlite' ? column.toLowerCase() : column);
  const id = has(rows.id);
  if (id === undefined)
    throw usageFault(
      `source.id: ${nameOf(rows)} in ${backend.place} has no column ${rows.id}; ${listed(columns)}`,
    );
  const there = fields.filter((field) => has(field) !== undefined);
  const ids = await idKind(backend, { from, column: rows.id, type: id.type });
  const idName = `source.id: ${'table' in rows ? `${rows.table}.` : ''}${rows.id}`;
  if (ids === null)
    throw usageFault(
      `${idName} in ${backend.place} is ${id.type}, neither whole numbers nor text: name another column, or a SELECT ` +
        'that casts it',
    );
  return {
    samples: ['id', ...there],
    analyses: [],
    fromSamples: sql<AnyRow>`(select ${sql.join([
      sql`${sql.id('rows', rows.id)} as id`,
      ...there.map((field) => sql`${readable(field, has(field)?.type ?? '')} as ${sql.id(field)}`),
    ])} from ${from} as rows)`,
    fromAnalyses: null,
    analysesHaveId: false,
    analysesByText: false,
    arrays: new Set(backend.dialect === 'sqlite' ? [] : there.filter((field) => !isPlain(has(field)))),
    filterable: new Map(),
    oddId: oddIdOf(backend, id.type),
    idName,
    ids,
    keyType: backend.dialect === 'sqlite' ? null : keyType(id.type),
    source: from,
    idColumn: rows.id,
    columns,
    missing: fields.filter((field) => !there.includes(field)),
  };
}

function oddIdOf(backend: Backend, type: string): Shape['oddId'] {
  const odd = backend.oddId(type, sql.ref('samples.id'));
  return odd === 'text' ? null : odd;
}

/** Types that the driver gives as they are; a date would become a moment of this machine's time zone. */
const isPlain = (column: Column | undefined): boolean =>
  /^(smallint|integer|bigint|real|double precision|numeric|text|character varying|character|name|uuid|boolean|json|jsonb|bytea|(.+\.)?citext)$/.test(
    column?.type ?? '',
  );

/** A moment as that of UTC: it would print in the session's time zone, and a text would differ with it. */
const readable = (field: string, type: string) =>
  type === 'timestamp with time zone'
    ? sql`(${sql.id('rows', field)} at time zone 'UTC')`
    : sql.id('rows', field);

/** What was there before and is not there any more. */
export function lostDeclared(before: DeclaredShape, now: DeclaredShape): string[] {
  const fields = before.samples.filter((column) => !now.samples.includes(column));
  return before.ids === now.ids ? fields : [`its ids of ${before.ids}`, ...fields];
}

/** Throws a usage Fault that names the declared fields that are not there. */
export function refuseMissing({ missing, columns }: DeclaredShape, rows: DeclaredRows, place: string): void {
  if (missing.length > 0)
    throw usageFault(
      `source.fields: ${nameOf(rows)} in ${place} has no column ${missing.join(' and no column ')}; ${listed(columns)}`,
    );
}

export const listed = (columns: ReadonlyMap<string, Column>): string =>
  `it has ${[...columns.keys()].sort().join(', ')}`;
