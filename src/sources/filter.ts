import { type RawBuilder, sql } from 'kysely';
import { usageFault } from '../fault.js';
import type { Backend, Shape } from './backend.js';
import { fieldCondition } from './field-filter.js';
import { filterDialect, listHolds } from './filter-dialect.js';
import { joinCondition } from './queries.js';
import type { SampleFilter } from './types.js';

/** Returns the ids of the samples that match the whole filter, ascending. */
export async function findIds(
  { db, dialect }: Backend,
  shape: Shape,
  filter: SampleFilter,
): Promise<number[]> {
  const ofSample = (name: string) => column(shape.samples.includes(name), 's', name);
  const ofAnalysis = (name: string) => column(shape.analyses.includes(name), 'v', name);
  const { is, between } = filterDialect(dialect);

  const wanted: RawBuilder<boolean>[] = [];
  const { genre, key, bpm, mood, tag, where: others = [] } = filter;
  if (genre !== undefined) wanted.push(is(ofSample('genre'), genre));
  if (key !== undefined) wanted.push(is(ofSample('musical_key'), key));
  if (bpm !== undefined) wanted.push(between(ofSample('bpm'), bpm.from, bpm.to));
  if (mood !== undefined) {
    const second = shape.analyses.includes('mood_secondary')
      ? is(ofAnalysis('mood_secondary'), mood)
      : sql<boolean>`1 = 0`;
    wanted.push(sql`(${is(ofAnalysis('mood_primary'), mood)} or ${second})`);
  }
  if (tag !== undefined) {
    const columns = [
      ...(shape.samples.includes('tags') ? [ofSample('tags')] : []),
      ...(shape.analyses.includes('texture_tags') ? [ofAnalysis('texture_tags')] : []),
    ];
    if (columns.length === 0) throw usageFault('--tag: the catalog (DATABASE_URL) has no tags');
    wanted.push(
      sql`(${sql.join(
        columns.map((each) => listHolds(dialect, each, tag)),
        sql` or `,
      )})`,
    );
  }
  for (const [name, field] of Object.entries(RANGES)) {
    const range = filter[name as keyof typeof RANGES];
    if (range === undefined) continue;
    const value = anyColumn(shape, field, `--${name}`);
    wanted.push(fieldCondition(dialect, value, { field, ...range }));
  }
  for (const other of others) wanted.push(fieldCondition(dialect, anyColumn(shape, other.field), other));
  const where = wanted.length === 0 ? sql`1 = 1` : sql.join(wanted, sql` and `);
  const join =
    shape.fromAnalyses !== null
      ? sql`left join ${shape.fromAnalyses} as v on ${joinCondition(shape)}`
      : sql``;
  const { rows } = await sql<{
    id: number;
  }>`select distinct s.id as id from ${shape.fromSamples} as s ${join} where ${where} order by s.id`.execute(
    db,
  );
  return rows.map(({ id }) => Number(id));
}

/** Range options and their columns, which may be in either table. */
const RANGES = { energy: 'energy_level', danceability: 'danceability', duration: 'duration' } as const;

const OPTIONS: Record<string, string> = {
  genre: '--genre',
  musical_key: '--key',
  bpm: '--bpm',
  mood_primary: '--mood',
};

function column(there: boolean, table: 's' | 'v', name: string): RawBuilder<unknown> {
  if (!there) throw usageFault(`${OPTIONS[name]}: the catalog (DATABASE_URL) has no column ${name}`);
  return sql.ref(`${table}.${name}`);
}

/** Returns a column of either table, samples first, including columns that no text is made of. */
function anyColumn({ filterable }: Shape, name: string, option = '--where'): RawBuilder<unknown> {
  const table = filterable.get(name);
  if (table === undefined)
    throw usageFault(
      `${option}: the catalog (DATABASE_URL) has no column ${name}; it has ${[...filterable.keys()].sort().join(', ')}`,
    );
  return sql.id(table, name);
}
