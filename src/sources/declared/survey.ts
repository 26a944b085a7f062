import { type RawBuilder, sql } from 'kysely';
import { type Backend, UnreadableRows } from '../backend.js';
import type { CatalogShape, DeclaredRows } from '../types.js';
import type { Rows } from './rows.js';
import { type DeclaredShape, nameOf } from './shape.js';
import { asKey } from './text-queries.js';

/** Rows per statement. A statement of SQLite blocks this process. */
const SLICE = 20_000;

/** Printed values that add nothing to a text. */
const NOTHING = ['', '[]', '{}', 'null'];

type Id = string | number;

/** Counts the rows that hold a value, by field, one slice at a time. */
export async function surveyDeclared(
  backend: Backend,
  shape: DeclaredShape,
  { declared, rows }: { declared: DeclaredRows; rows: Pick<Rows, 'rowsAfter'> },
): Promise<CatalogShape> {
  const fields = shape.samples.filter((column) => column !== 'id');
  const totals = new Map<string, number>();
  let samples = 0;
  for (let after: Id | null = null; ; ) {
    const last: Id | null = await backend.run(() => endOfSlice(backend, shape, after));
    const counted = await countSlice(backend, shape, { after, last, fields }).catch(async (error) => {
      if (!(error instanceof UnreadableRows)) throw error;
      return countRows(await rows.rowsAfter(after, SLICE), fields);
    });
    samples += counted.rows;
    for (const [at, field] of fields.entries())
      totals.set(field, (totals.get(field) ?? 0) + (counted.filled[at] ?? 0));
    if (last === null) break;
    after = last;
  }
  return {
    samples,
    analyses: null,
    filled: Object.fromEntries([
      ...fields.map((field) => [field, totals.get(field) ?? 0]),
      ...shape.missing.map((field) => [field, null]),
    ]),
    hidden: await hiddenRows(backend, shape, declared),
  };
}

/** Returns the rows' name when the database hides some of them. `table` tells it from the sample library's tables. */
export const hiddenRows = async (
  backend: Backend,
  shape: DeclaredShape,
  rows: DeclaredRows,
): Promise<string[]> =>
  (await backend.run(() => backend.hidesRows(shape.source)))
    ? ['table' in rows ? `table ${nameOf(rows)}` : nameOf(rows)]
    : [];

/** Returns the last id of a full slice; null when fewer rows are left. */
async function endOfSlice({ db }: Backend, shape: DeclaredShape, after: Id | null): Promise<Id | null> {
  const { rows } = await sql<{ id: Id }>`
    select samples.id as id from ${shape.fromSamples} as samples ${within(shape, { after, last: null })}
    order by samples.id limit 1 offset ${SLICE - 1}`.execute(db);
  return rows[0]?.id ?? null;
}

function within(
  shape: DeclaredShape,
  { after, last }: { after: Id | null; last: Id | null },
): RawBuilder<unknown> {
  const ends = [
    ...(after === null ? [] : [sql`samples.id > ${asKey(shape, after)}`]),
    ...(last === null ? [] : [sql`samples.id <= ${asKey(shape, last)}`]),
  ];
  return ends.length === 0 ? sql`` : sql`where ${sql.join(ends, sql` and `)}`;
}

interface Counted {
  rows: number;
  /** In the order of the fields. */
  filled: number[];
}

function countSlice(
  { db, run }: Backend,
  shape: DeclaredShape,
  { fields, ...slice }: { after: Id | null; last: Id | null; fields: readonly string[] },
): Promise<Counted> {
  const counts = fields.map((field, at) => {
    const text = sql`cast(${sql.id('samples', field)} as text)`;
    return sql`count(case when ${text} not in (${sql.join(NOTHING)}) then 1 end) as ${sql.id(`filled_${at}`)}`;
  });
  return run(async () => {
    const { rows } = await sql<Record<string, number>>`
      select ${sql.join([sql`count(*) as "rows"`, ...counts])} from ${shape.fromSamples} as samples
      ${within(shape, slice)}`.execute(db);
    const row = rows[0] ?? {};
    return { rows: Number(row.rows ?? 0), filled: fields.map((_, at) => Number(row[`filled_${at}`] ?? 0)) };
  });
}

/** Counts the same in rows that were read one by one. */
function countRows(rows: readonly Record<string, unknown>[], fields: readonly string[]): Counted {
  const isFilled = (value: unknown): boolean =>
    value !== null &&
    value !== undefined &&
    !NOTHING.includes(typeof value === 'object' ? JSON.stringify(value) : String(value));
  return {
    rows: rows.length,
    filled: fields.map((field) => rows.filter((row) => isFilled(row[field])).length),
  };
}
