import { sql } from 'kysely';
import { Fault, usageFault } from '../fault.js';
import {
  ANALYSIS_COLUMNS,
  type Backend,
  type Column,
  type FoundTable,
  SAMPLE_COLUMNS,
  type Shape,
  UnreadableRows,
} from './backend.js';
import { cureOfIds, noTable, otherKind } from './other-tables.js';
import { readRanges } from './queries.js';
import { countSamples } from './slices.js';

/** Finds out which columns exist. Throws a usage Fault that names everything missing; vibe_analyses is optional. */
export async function discover(backend: Backend): Promise<Shape> {
  const samples = await backend.run(() => backend.find('samples'));
  const analyses = await backend.run(() => backend.find('vibe_analyses'));
  if (samples === null) throw await noTable(backend, 'samples');
  const missing = [
    ...lacks('samples', samples, ['id', 'title']),
    ...(analyses === null ? [] : lacks('vibe_analyses', analyses, ['sample_id'])),
  ];
  if (missing.length > 0) throw otherKind(backend, missing, { samples, analyses });
  const idType = typeOf(samples, 'id');
  const nonIntegerId = backend.nonIntegerId(idType, sql.ref('samples.id'));
  if (nonIntegerId === 'text')
    throw usageFault(
      `DATABASE_URL: samples.id in ${backend.place} is ${idType}, not an integer column: ${await cureOfIds(backend, samples)}`,
    );
  const all: [string, Column][] = [...samples.columns, ...(analyses?.columns ?? [])];
  return {
    samples: SAMPLE_COLUMNS.filter((column) => samples.columns.has(column)),
    analyses: ANALYSIS_COLUMNS.filter((column) => analyses?.columns.has(column)),
    fromSamples: samples.from,
    fromAnalyses: analyses?.from ?? null,
    analysesHaveId: analyses?.columns.has('id') ?? false,
    // SQLite converts by itself when it compares a number with its text.
    analysesByText:
      backend.dialect === 'postgres' && analyses !== null && isText(typeOf(analyses, 'sample_id')),
    arrays: new Set(all.filter(([, { array }]) => array).map(([name]) => name)),
    filterable: new Map([
      ...[...(analyses?.columns.keys() ?? [])].map((name) => [name, 'v'] as const),
      ...[...samples.columns.keys()].map((name) => [name, 's'] as const),
    ]),
    nonIntegerId,
    idName: 'DATABASE_URL: samples.id',
  };
}

const typeOf = (table: FoundTable, column: string): string => table.columns.get(column)?.type ?? '';
const isText = (type: string): boolean => /^(text|character|bpchar|citext|name)\b/.test(type);

const lacks = (table: string, found: FoundTable, needed: readonly string[]): string[] =>
  needed.filter((column) => !found.columns.has(column)).map((column) => `column ${table}.${column}`);

/** Returns the table and columns that no longer exist. */
export function lostParts(before: Shape, now: Shape): string[] {
  if (before.fromAnalyses !== null && now.fromAnalyses === null) return ['the table vibe_analyses'];
  return [
    ...before.samples.filter((column) => !now.samples.includes(column)).map((column) => `samples.${column}`),
    ...before.analyses
      .filter((column) => !now.analyses.includes(column))
      .map((column) => `vibe_analyses.${column}`),
  ];
}

/**
 * Runs the checks of Catalog.inspect: permissions, types, ids. A server that cannot be reached is a usage Fault here
 * and only here: before a run it means a wrong setting, during a run a restart.
 */
export async function inspectCatalog(backend: Backend, shape: () => Promise<Shape>) {
  try {
    const known = await shape();
    // Limit 0 reads no row, but parses the statement: types that cannot be joined and missing permissions fail now.
    await backend.run(() => readRanges(backend.db, known, { after: null, limit: 0 }));
    await checkIds(backend, known, await cureNow(backend, known));
    const samples = await countSamples(backend, known);
    if (samples === 0 && (await backend.run(() => backend.hidesRows(known.fromSamples))))
      throw usageFault(
        `DATABASE_URL: row-level security hides every row of samples in ${backend.place} from this role: let a policy ` +
          'show them to it, or use a role that has BYPASSRLS',
      );
    return { dialect: backend.dialect, samples };
  } catch (error) {
    if (error instanceof UnreadableRows)
      throw usageFault(
        `DATABASE_URL: the catalog in ${backend.place} cannot be read: ${error.message}`,
        error,
      );
    if (backend.dialect === 'sqlite' || error instanceof Fault) throw error;
    throw usageFault(`DATABASE_URL: cannot read ${error instanceof Error ? error.message : error}`, error);
  }
}

/** Returns the cure for an id that is not a safe integer. A column of integers holds no text. */
async function cureNow(backend: Backend, { nonIntegerId }: Shape): Promise<string> {
  return cureOfIds(backend, nonIntegerId === null ? null : await backend.run(() => backend.find('samples')));
}

/** Throws a usage Fault that names an id which is not a safe integer. `cure`: the end of its message, what to do. */
export async function checkIds(
  { db, dialect, place, run }: Backend,
  { nonIntegerId, fromSamples, idName }: Pick<Shape, 'nonIntegerId' | 'fromSamples' | 'idName'>,
  cure: string,
): Promise<void> {
  const from = sql`${fromSamples} as samples`;
  if (nonIntegerId) {
    const type = dialect === 'sqlite' ? sql<string>`typeof(samples.id)` : sql<string>`'no integer'`;
    const { rows } = await run(() =>
      sql<{ id: string | null; type: string }>`
        select cast(samples.id as text) as id, ${type} as type from ${from} where ${nonIntegerId} limit 1`.execute(
        db,
      ),
    );
    const [odd] = rows;
    if (odd?.type === 'text')
      throw usageFault(`${idName} ${JSON.stringify(odd.id)} in ${place} is text, not an integer: ${cure}`);
    if (odd !== undefined) throw usageFault(`${idName} ${odd.id} in ${place} is not an integer: ${cure}`);
  }
  // Two statements in one: SQLite uses the index for a minimum or a maximum alone, and scans the table for both.
  const { rows } = await run(() =>
    sql<{ low: string | null; high: string | null }>`
      select cast((select min(samples.id) from ${from}) as text) as low,
        cast((select max(samples.id) from ${from}) as text) as high`.execute(db),
  );
  for (const id of [rows[0]?.low, rows[0]?.high]) {
    if (id === null || id === undefined) continue;
    if (!/^-?\d+$/.test(id) || !Number.isSafeInteger(Number(id)))
      throw usageFault(`${idName} ${id} in ${place} is not an integer within ±(2^53 − 1): ${cure}`);
  }
}
