import { sql } from 'kysely';
import { usageFault } from '../../fault.js';
import type { AnyRow, Backend, Column, FoundTable, Shape } from '../backend.js';
import type { DeclaredRows } from '../types.js';
import { findSelect, findTable } from './find-rows.js';
import { idKind, keyType } from './id-kind.js';

/** Declared rows as they were found. In `samples` and `fromSamples` the id column is named `id`. */
export interface DeclaredShape extends Shape {
  /** The type of the ids. */
  ids: 'integer' | 'text';
  /** The type that a text id is cast to before a comparison, so that the id's index is used. Null: no cast. */
  keyType: string | null;
  /** For a FROM clause, under any alias: all columns of the table or SELECT. */
  source: FoundTable['from'];
  /** The id column's name in the database. */
  idColumn: string;
  columns: ReadonlyMap<string, Column>;
  /** Declared fields that do not exist. */
  missing: string[];
}

/** Field names that each row reserves. */
const TAKEN = ['id', 'textId', 'unreadable'];
const isTaken = (field: string): boolean => TAKEN.includes(field);

/** Returns the setting that declares the rows, for the start of a message. */
export const settingOf = (rows: DeclaredRows): string => ('table' in rows ? 'source.table' : 'source.select');

/** Returns the name of the table or SELECT, for messages. */
export const nameOf = (rows: DeclaredRows): string => ('table' in rows ? rows.table : 'source.select');

/** Finds the declared rows. Throws a usage Fault when they or their id do not exist, or the id is of another type. */
export async function discoverDeclared(backend: Backend, rows: DeclaredRows): Promise<DeclaredShape> {
  // An id column with a reserved name, as `id`, is not a field as well. Under another name it may be both.
  const fields = [...new Set(rows.fields)].filter((field) => field !== rows.id || !isTaken(field));
  const taken = fields.filter(isTaken);
  if (taken.length > 0)
    throw usageFault(
      `source.fields: ${taken.join(', ')} is reserved; give the column another name with a SELECT, like ${taken[0]} AS its_${taken[0]}`,
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
    nonIntegerId: nonIntegerIdOf(backend, id.type),
    idName,
    ids,
    keyType: backend.dialect === 'sqlite' ? null : keyType(id.type),
    source: from,
    idColumn: rows.id,
    columns,
    missing: fields.filter((field) => !there.includes(field)),
  };
}

function nonIntegerIdOf(backend: Backend, type: string): Shape['nonIntegerId'] {
  const odd = backend.nonIntegerId(type, sql.ref('samples.id'));
  return odd === 'text' ? null : odd;
}

/** Returns whether the driver returns the type unchanged. A date would become a time in this machine's time zone. */
const isPlain = (column: Column | undefined): boolean =>
  /^(smallint|integer|bigint|real|double precision|numeric|text|character varying|character|name|uuid|boolean|json|jsonb|bytea|(.+\.)?citext)$/.test(
    column?.type ?? '',
  );

/** Selects a timestamp in UTC. In the session's time zone it would print differently, and change the sample's text. */
const readable = (field: string, type: string) =>
  type === 'timestamp with time zone'
    ? sql`(${sql.id('rows', field)} at time zone 'UTC')`
    : sql.id('rows', field);

/** Returns the fields that no longer exist, after the former type of the ids if that changed. */
export function lostDeclared(before: DeclaredShape, now: DeclaredShape): string[] {
  const fields = before.samples.filter((column) => !now.samples.includes(column));
  return before.ids === now.ids ? fields : [`its ids of ${before.ids}`, ...fields];
}

/** Throws a usage Fault that names the declared fields that do not exist. */
export function refuseMissing({ missing, columns }: DeclaredShape, rows: DeclaredRows, place: string): void {
  if (missing.length > 0)
    throw usageFault(
      `source.fields: ${nameOf(rows)} in ${place} has no column ${missing.join(' and no column ')}; ${listed(columns)}`,
    );
}

export const listed = (columns: ReadonlyMap<string, Column>): string =>
  `it has ${[...columns.keys()].sort().join(', ')}`;
