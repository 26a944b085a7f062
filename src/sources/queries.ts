import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import { usageFault } from '../fault.js';
import type { AnyRow, Shape } from './backend.js';
import type { IdRange, SampleRow } from './types.js';

const RANGES_A_STATEMENT = 100;
const IDS_A_STATEMENT = 1000;

const EVERYTHING: readonly IdRange[] = [{ from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER }];

/** Returns the shape with these columns in place of those for texts. Leaves out columns that do not exist. */
export function withColumns(shape: Shape, columns: readonly string[] | undefined): Shape {
  if (columns === undefined) return shape;
  const of = (table: 's' | 'v'): string[] =>
    [...new Set(columns)].filter((name) => name !== 'id' && shape.filterable.get(name) === table);
  const analyses = of('v');
  return {
    ...shape,
    samples: ['id', ...of('s')],
    analyses,
    fromAnalyses: analyses.length === 0 ? null : shape.fromAnalyses,
  };
}

/** Casts to bigint: PostgreSQL would read a bare value as the column's type, and refuse a large one. */
const exact = (id: number) => sql<number>`cast(${id} as bigint)`;

type Samples<O> = SelectQueryBuilder<{ samples: AnyRow }, 'samples', O>;

const fromSamples = (db: Kysely<unknown>, shape: Shape): Samples<object> =>
  db.selectFrom(shape.fromSamples.as('samples'));

function inRange<O>(query: Samples<O>, { from, to }: IdRange): Samples<O> {
  // An open end gets no condition, so that an id beyond the safe integers is read and refused, not skipped.
  let bounded = query;
  if (from > Number.MIN_SAFE_INTEGER) bounded = bounded.where('samples.id', '>=', exact(from));
  if (to < Number.MAX_SAFE_INTEGER) bounded = bounded.where('samples.id', '<=', exact(to));
  return bounded;
}

const samplesOf = (db: Kysely<unknown>, shape: Shape) =>
  fromSamples(db, shape).select(
    shape.samples.map((column) => read(shape, 'samples', column)),
  ) as unknown as Samples<AnyRow>;

/** Selects a column. Arrays are selected as JSON: the driver parses few array types and returns the others as text. */
const read = (shape: Shape, table: 'samples' | 'v', column: string) =>
  shape.arrays.has(column)
    ? sql`to_json(${sql.id(table, column)})`.as(column)
    : sql.id(table, column).as(column);

/** Returns the condition that joins samples `s` with analyses `v`. */
export const joinCondition = ({ analysesByText }: Pick<Shape, 'analysesByText'>) =>
  analysesByText ? sql<boolean>`v.sample_id = cast(s.id as text)` : sql<boolean>`v.sample_id = s.id`;

/** Reads the chosen samples by id, each with its first analysis. Limit 0 only checks types and permissions. */
async function withAnalyses(db: Kysely<unknown>, shape: Shape, chosen: ReturnType<typeof samplesOf>) {
  const rows: SampleRow[] = [];
  const read = (await joined(db, shape, chosen).execute()) as SampleRow[];
  for (const row of read) {
    if (!Number.isSafeInteger(row.id))
      throw usageFault(
        `${shape.idName} ${JSON.stringify(row.id)} is ${typeof row.id === 'string' ? 'text, ' : ''}not an ` +
          'integer within ±(2^53 − 1)',
      );
    if (rows.at(-1)?.id !== row.id) rows.push(withLists(row, shape));
  }
  return { rows, repeated: shape.fromAnalyses === null && rows.length < read.length };
}

function joined(db: Kysely<unknown>, shape: Shape, chosen: ReturnType<typeof samplesOf>) {
  const { fromAnalyses } = shape;
  if (fromAnalyses === null) return chosen;
  const query = db
    .selectFrom(chosen.as('s'))
    .leftJoin(fromAnalyses.as('v'), (join) => join.on(joinCondition(shape)))
    .select([
      ...shape.samples.map((column) => sql.id('s', column).as(column)),
      ...shape.analyses.map((column) => read(shape, 'v', column)),
    ])
    .orderBy('s.id');
  return shape.analysesHaveId ? query.orderBy(sql`v.id`) : query;
}

/** Parses the arrays, which were selected as JSON. */
function withLists(row: SampleRow, { arrays }: Shape): SampleRow {
  for (const column of arrays) {
    const value = row[column];
    if (typeof value === 'string') Object.assign(row, { [column]: JSON.parse(value) });
  }
  return row;
}

/** Returns at most `limit` rows of the ranges, ascending. Each range is its own index scan of at most `limit` rows. */
export async function readRanges(
  db: Kysely<unknown>,
  shape: Shape,
  { after, limit, ranges }: { after: number | null; limit: number; ranges?: readonly IdRange[] },
): Promise<SampleRow[]> {
  const found: SampleRow[] = [];
  for (const chunk of chunks(beyond(ranges ?? EVERYTHING, after), limit)) {
    const wanted = limit - found.length;
    const [first, ...rest] = chunk.map((range) =>
      inRange(samplesOf(db, shape), range).orderBy('samples.id').limit(wanted),
    );
    if (!first) break;
    const part = (query: typeof first) => db.selectFrom(query.as('part')).selectAll();
    const chosen =
      rest.length === 0
        ? first
        : (rest
            .reduce((union, query) => union.unionAll(part(query)) as typeof union, part(first))
            .orderBy('id')
            .limit(wanted) as unknown as typeof first);
    const { rows, repeated } = await withAnalyses(db, shape, chosen);
    found.push(...rows);
    if (found.length >= limit) break;
    if (repeated) {
      // Repeated ids made the page short, and a short page means the end.
      const rest = {
        after: found.at(-1)?.id ?? null,
        limit: limit - found.length,
        ...(ranges && { ranges }),
      };
      return [...found, ...(await readRanges(db, shape, rest))];
    }
  }
  return found;
}

/** Returns only the ids of the rows that readRanges would return. */
export async function idsOfRanges(
  db: Kysely<unknown>,
  shape: Shape,
  page: { after: number | null; limit: number; ranges?: readonly IdRange[] },
): Promise<number[]> {
  const idsOnly: Shape = { ...shape, samples: ['id'], fromAnalyses: null, analyses: [] };
  return (await readRanges(db, idsOnly, page)).map(({ id }) => id);
}

function beyond(ranges: readonly IdRange[], after: number | null): IdRange[] {
  if (after === null) return [...ranges];
  return ranges
    .filter(({ to }) => to > after)
    .map(({ from, to }) => ({ from: Math.max(from, after + 1), to }));
}

/** Yields just enough ranges to fill a page, so that a statement never reads more than two pages of rows. */
function* chunks(ranges: readonly IdRange[], limit: number): Generator<IdRange[]> {
  let chunk: IdRange[] = [];
  let width = 0;
  for (const range of ranges) {
    chunk.push(range);
    width += range.to - range.from + 1;
    if (width < limit && chunk.length < RANGES_A_STATEMENT) continue;
    yield chunk;
    chunk = [];
    width = 0;
  }
  if (chunk.length > 0) yield chunk;
}

/** Returns the rows of these ids, ascending, each once. */
export async function readIds(
  db: Kysely<unknown>,
  shape: Shape,
  ids: readonly number[],
): Promise<SampleRow[]> {
  const sorted = [...new Set(ids)].filter(Number.isSafeInteger).sort((a, b) => a - b);
  const found: SampleRow[] = [];
  for (let start = 0; start < sorted.length; start += IDS_A_STATEMENT) {
    const some = sorted.slice(start, start + IDS_A_STATEMENT).map(exact);
    const chosen = samplesOf(db, shape).where('samples.id', 'in', some).orderBy('samples.id');
    found.push(...(await withAnalyses(db, shape, chosen)).rows);
  }
  return found;
}

/** Returns which of these ids exist. */
export async function existingIds(
  db: Kysely<unknown>,
  shape: Shape,
  ids: readonly number[],
): Promise<Set<number>> {
  const found = new Set<number>();
  for (let start = 0; start < ids.length; start += IDS_A_STATEMENT) {
    const some = ids.slice(start, start + IDS_A_STATEMENT).map(exact);
    for (const { id } of await fromSamples(db, shape)
      .select('samples.id as id')
      .where('samples.id', 'in', some)
      .execute())
      found.add(id);
  }
  return found;
}

export async function countRanges(
  db: Kysely<unknown>,
  shape: Shape,
  ranges: readonly IdRange[] = EVERYTHING,
): Promise<number> {
  const counted = (range: IdRange) =>
    inRange(
      fromSamples(db, shape).select((eb) => eb.fn.countAll<number>().as('n')),
      range,
    );
  let total = 0;
  for (let start = 0; start < ranges.length; start += RANGES_A_STATEMENT) {
    const [first, ...rest] = ranges.slice(start, start + RANGES_A_STATEMENT).map(counted);
    if (!first) break;
    const rows = await rest.reduce((union, query) => union.unionAll(query), first).execute();
    for (const row of rows) total += row.n;
  }
  return total;
}
