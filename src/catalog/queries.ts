import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import { usageFault } from '../fault.js';
import type { Shape, Tables } from './backend.js';
import type { IdRange, SampleRow } from './types.js';

const RANGES_A_STATEMENT = 100;
const IDS_A_STATEMENT = 1000;

const EVERYTHING: readonly IdRange[] = [{ from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER }];

/** bigint whatever the column is: PostgreSQL would read a bare value as the column's type and refuse a large one. */
const exact = (id: number) => sql<number>`cast(${id} as bigint)`;

type Samples<O> = SelectQueryBuilder<Tables, 'samples', O>;

function inRange<O>(query: Samples<O>, { from, to }: IdRange): Samples<O> {
  // Open ends stay open, so that an id beyond what JavaScript can hold is met and refused, not passed over.
  let bounded = query;
  if (from > Number.MIN_SAFE_INTEGER) bounded = bounded.where('samples.id', '>=', exact(from));
  if (to < Number.MAX_SAFE_INTEGER) bounded = bounded.where('samples.id', '<=', exact(to));
  return bounded;
}

const samplesOf = (db: Kysely<Tables>, shape: Shape) =>
  db.selectFrom('samples').select(shape.samples.map((column) => `samples.${column} as ${column}` as const));

/** The chosen samples with the first analysis of each. Also run with limit 0, to have the types and rights checked. */
async function withAnalyses(db: Kysely<Tables>, shape: Shape, chosen: ReturnType<typeof samplesOf>) {
  let query = db
    .selectFrom(chosen.as('s'))
    .leftJoin('vibe_analyses as v', 'v.sample_id', 's.id')
    .select(shape.samples.map((column) => `s.${column} as ${column}` as const))
    .select(shape.analyses.map((column) => `v.${column} as ${column}` as const))
    .orderBy('s.id');
  if (shape.analysesHaveId) query = query.orderBy('v.id');
  const rows: SampleRow[] = [];
  for (const row of (await query.execute()) as SampleRow[]) {
    if (!Number.isSafeInteger(row.id)) {
      throw usageFault(`DATABASE_URL: samples.id ${String(row.id)} is not an integer within ±(2^53 − 1)`);
    }
    if (rows.at(-1)?.id !== row.id) rows.push(row);
  }
  return rows;
}

/** Rows of the ranges, ascending, at most `limit`. Each range is its own index scan, stopped after `limit` rows. */
export async function readRanges(
  db: Kysely<Tables>,
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
            .reduce((union, query) => union.unionAll(part(query)), part(first))
            .orderBy('id')
            .limit(wanted) as unknown as typeof first);
    found.push(...(await withAnalyses(db, shape, chosen)));
    if (found.length >= limit) break;
  }
  return found;
}

function beyond(ranges: readonly IdRange[], after: number | null): IdRange[] {
  if (after === null) return [...ranges];
  return ranges
    .filter(({ to }) => to > after)
    .map(({ from, to }) => ({ from: Math.max(from, after + 1), to }));
}

/** As many ranges as can fill a page and no more, so that a statement never meets more than two pages of rows. */
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

/** Rows of these ids, ascending, each once. */
export async function readIds(
  db: Kysely<Tables>,
  shape: Shape,
  ids: readonly number[],
): Promise<SampleRow[]> {
  const sorted = [...new Set(ids)].filter(Number.isSafeInteger).sort((a, b) => a - b);
  const found: SampleRow[] = [];
  for (let start = 0; start < sorted.length; start += IDS_A_STATEMENT) {
    const some = sorted.slice(start, start + IDS_A_STATEMENT).map(exact);
    found.push(...(await withAnalyses(db, shape, samplesOf(db, shape).where('samples.id', 'in', some))));
  }
  return found;
}

/** Which of these ids are there. */
export async function existingIds(db: Kysely<Tables>, ids: readonly number[]): Promise<Set<number>> {
  const found = new Set<number>();
  for (let start = 0; start < ids.length; start += IDS_A_STATEMENT) {
    const some = ids.slice(start, start + IDS_A_STATEMENT).map(exact);
    for (const { id } of await db.selectFrom('samples').select('id').where('id', 'in', some).execute())
      found.add(id);
  }
  return found;
}

export async function countRanges(
  db: Kysely<Tables>,
  ranges: readonly IdRange[] = EVERYTHING,
): Promise<number> {
  const counted = (range: IdRange) =>
    inRange(
      db.selectFrom('samples').select((eb) => eb.fn.countAll<number>().as('n')),
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
