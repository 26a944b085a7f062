import { type RawBuilder, sql } from 'kysely';
import { ANALYSIS_COLUMNS, type Backend, SAMPLE_COLUMNS, type Shape, UnreadableRows } from './backend.js';
import { joinCondition } from './queries.js';
import { beyond, SLICE_ROWS, type Slice, sliceAfter } from './slices.js';
import type { CatalogShape, SampleRow, TableName } from './types.js';

/** Printed values that add nothing to a text. */
const NOTHING = ['', '[]', '{}', 'null'];
const NO_TEMPO = [...NOTHING, '0', '0.0'];

/** The columns that texts are made of, as messages and the store name them. */
const FIELDS = [
  ...SAMPLE_COLUMNS.filter((column) => column !== 'id').map((column) => ['samples', column] as const),
  ...ANALYSIS_COLUMNS.map((column) => ['vibe_analyses', column] as const),
];

type Tally = Record<string, number>;

/** Counts the filled columns of all samples, one slice at a time. `readRows` reads a slice that cannot be counted. */
export async function surveyCatalog(
  backend: Backend,
  shape: Shape,
  readRows: (after: number | null, limit: number) => Promise<SampleRow[]>,
): Promise<CatalogShape> {
  const tally: Tally = {};
  for (let after: number | null = null; ; ) {
    const slice: Slice = await backend.run(() => sliceAfter(backend, shape, after));
    if (slice.last === null) break;
    let counts: Tally;
    try {
      counts = await backend.run(() => countSlice(backend, shape, after, slice.last as number));
    } catch (error) {
      if (!(error instanceof UnreadableRows)) throw error;
      counts = countRows(await readRows(after, SLICE_ROWS));
    }
    for (const [name, count] of Object.entries(counts)) tally[name] = (tally[name] ?? 0) + count;
    after = slice.last;
    if (slice.samples < SLICE_ROWS) break;
  }
  const absent = new Set(absentColumns(shape));
  const filled = FIELDS.map(([table, column]) => {
    const name = `${table}.${column}`;
    return [name, absent.has(name) ? null : (tally[name] ?? 0)] as const;
  });
  return {
    samples: tally.samples ?? 0,
    analyses: tally.vibe_analyses ?? 0,
    filled: Object.fromEntries(filled),
    hidden: await hiddenTables(backend, shape),
  };
}

/** Returns the columns that do not exist. */
export const absentColumns = (shape: Shape): string[] => {
  const there = { samples: shape.samples, vibe_analyses: shape.analyses };
  return FIELDS.filter(([table, column]) => !there[table].includes(column)).map(
    ([table, column]) => `${table}.${column}`,
  );
};

/** Returns the tables of which the database hides rows. */
export async function hiddenTables(backend: Backend, shape: Shape): Promise<TableName[]> {
  const { fromSamples, fromAnalyses } = shape;
  const hidden: TableName[] = [];
  if (await backend.run(() => backend.hidesRows(fromSamples))) hidden.push('samples');
  if (fromAnalyses !== null && (await backend.run(() => backend.hidesRows(fromAnalyses))))
    hidden.push('vibe_analyses');
  return hidden;
}

async function countSlice({ db }: Backend, shape: Shape, after: number | null, last: number): Promise<Tally> {
  const within = sql`${beyond(after)} and s.id <= cast(${last} as bigint)`;
  const count = (table: TableName, alias: 's' | 'v', columns: readonly string[]) =>
    sql.join([
      sql`count(*) as ${sql.ref(table)}`,
      ...columns.map(
        (column) =>
          sql`count(case when ${isFilled(column, sql.ref(`${alias}.${column}`))} then 1 end) as ${sql.id(`${table}.${column}`)}`,
      ),
    ]);
  const columns = shape.samples.filter((column) => column !== 'id');
  const samples = await sql<Tally>`
    select ${count('samples', 's', columns)} from ${shape.fromSamples} as s where ${within}`.execute(db);
  const analyses =
    shape.fromAnalyses === null
      ? []
      : (
          await sql<Tally>`select ${count('vibe_analyses', 'v', shape.analyses)} from ${shape.fromSamples} as s
            join ${shape.fromAnalyses} as v on ${joinCondition(shape)} where ${within}`.execute(db)
        ).rows;
  return Object.assign({}, ...samples.rows, ...analyses) as Tally;
}

/** Returns the condition that a value adds a line to the text. Rendering decides which line. */
function isFilled(column: string, value: RawBuilder<unknown>): RawBuilder<boolean> {
  const text = sql`cast(${value} as text)`;
  if (column === 'characteristics') return sql`${text} like '%"raw_analysis"%'`;
  const nothing = column === 'bpm' ? NO_TEMPO : NOTHING;
  return sql`${text} not in (${sql.join(nothing)})`;
}

/** Counts the same in rows that were read one by one. */
function countRows(rows: readonly SampleRow[]): Tally {
  const tally: Tally = {};
  const add = (name: string): void => {
    tally[name] = (tally[name] ?? 0) + 1;
  };
  for (const row of rows) {
    add('samples');
    let analysed = false;
    for (const [table, column] of FIELDS) {
      const value = row[column];
      if (value === null || value === undefined) continue;
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
      const filled =
        column === 'characteristics'
          ? text.includes('"raw_analysis"')
          : !(column === 'bpm' ? NO_TEMPO : NOTHING).includes(text);
      if (filled) add(`${table}.${column}`);
      analysed ||= table === 'vibe_analyses';
    }
    if (analysed) add('vibe_analyses');
  }
  return tally;
}
