import { sql } from 'kysely';
import { usageFault } from '../fault.js';
import type { Wanted } from '../readings/compare.js';
import { readingsOf } from '../readings/of-columns.js';
import type { Backend, Shape } from './backend.js';
import { type Condition, conditionsOn, type FilteredColumn } from './condition.js';
import { joinCondition } from './queries.js';
import type { SampleFilter } from './types.js';

const READINGS = readingsOf(null);

/** Returns the ids of the samples that match the whole filter, ascending. */
export async function findIds(
  { db, dialect }: Backend,
  shape: Shape,
  filter: SampleFilter,
): Promise<number[]> {
  const { values, where, fits } = conditionsOn(dialect, conditionsOf(shape, filter));
  const join =
    shape.fromAnalyses !== null
      ? sql`left join ${shape.fromAnalyses} as v on ${joinCondition(shape)}`
      : sql``;
  const { rows } = await sql<{
    id: number;
  }>`select s.id as id${values} from ${shape.fromSamples} as s ${join} where ${where} order by s.id`.execute(
    db,
  );
  const ids: number[] = [];
  // A sample with several analyses has several rows.
  for (const row of rows) if (ids.at(-1) !== Number(row.id) && fits(row)) ids.push(Number(row.id));
  return ids;
}

function conditionsOf(shape: Shape, filter: SampleFilter): Condition[] {
  const ofSample = (name: string) => column(shape.samples.includes(name), 's', name);
  const ofAnalysis = (name: string) => column(shape.analyses.includes(name), 'v', name);
  const conditions: Condition[] = [];
  const add = (columns: readonly FilteredColumn[], wanted: Wanted) => conditions.push({ columns, wanted });
  const { genre, key, bpm, mood, tag, where: others = [] } = filter;
  if (genre !== undefined) add([ofSample('genre')], { is: genre });
  if (key !== undefined) add([ofSample('musical_key')], { is: key });
  if (bpm !== undefined) add([ofSample('bpm')], bpm);
  if (mood !== undefined) {
    const second = shape.analyses.includes('mood_secondary') ? [ofAnalysis('mood_secondary')] : [];
    add([ofAnalysis('mood_primary'), ...second], { is: mood });
  }
  if (tag !== undefined) {
    const columns = [
      ...(shape.samples.includes('tags') ? [ofSample('tags')] : []),
      ...(shape.analyses.includes('texture_tags') ? [ofAnalysis('texture_tags')] : []),
    ];
    if (columns.length === 0) throw usageFault('--tag: the catalog (DATABASE_URL) has no tags');
    add(columns, { is: tag });
  }
  for (const [name, field] of Object.entries(RANGES)) {
    const range = filter[name as keyof typeof RANGES];
    if (range !== undefined) add([anyColumn(shape, field, `--${name}`)], range);
  }
  for (const other of others) add([anyColumn(shape, other.field)], other);
  return conditions;
}

/** Range options and their columns, which may be in either table. */
const RANGES = { energy: 'energy_level', danceability: 'danceability', duration: 'duration' } as const;

const OPTIONS: Record<string, string> = {
  genre: '--genre',
  musical_key: '--key',
  bpm: '--bpm',
  mood_primary: '--mood',
};

function column(there: boolean, table: 's' | 'v', name: string): FilteredColumn {
  if (!there) throw usageFault(`${OPTIONS[name]}: the catalog (DATABASE_URL) has no column ${name}`);
  return { value: sql.ref(`${table}.${name}`), reading: READINGS.get(name) };
}

/** Returns a column of either table, samples first, including columns that no text is made of. */
function anyColumn({ filterable }: Shape, name: string, option = '--where'): FilteredColumn {
  const table = filterable.get(name);
  if (table === undefined)
    throw usageFault(
      `${option}: the catalog (DATABASE_URL) has no column ${name}; it has ${[...filterable.keys()].sort().join(', ')}`,
    );
  return { value: sql.id(table, name), reading: READINGS.get(name) };
}
