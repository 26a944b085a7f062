import { sql } from 'kysely';
import { Fault, usageFault } from '../fault.js';
import { ANALYSIS_COLUMNS, type Backend, SAMPLE_COLUMNS, type Shape } from './backend.js';
import { countRanges, readRanges } from './queries.js';

/** Finds out which columns there are. Throws a usage Fault that names everything missing. */
export async function discover(backend: Backend): Promise<Shape> {
  const samples = await backend.run(() => backend.columns('samples'));
  const analyses = await backend.run(() => backend.columns('vibe_analyses'));
  const missing = [
    ...lacks('samples', samples, ['id', 'title']),
    ...lacks('vibe_analyses', analyses, ['sample_id']),
  ];
  if (missing.length > 0) {
    throw usageFault(`DATABASE_URL: the catalog in ${backend.place} has no ${list(missing)}`);
  }
  const oddId = backend.oddId(samples?.get('id') ?? '');
  if (typeof oddId === 'string') throw usageFault(`DATABASE_URL: ${oddId}, in ${backend.place}`);
  return {
    samples: SAMPLE_COLUMNS.filter((column) => samples?.has(column)),
    analyses: ANALYSIS_COLUMNS.filter((column) => analyses?.has(column)),
    analysesHaveId: analyses?.has('id') ?? false,
    oddId,
  };
}

function lacks(table: string, found: Map<string, string> | null, needed: readonly string[]): string[] {
  if (!found) return [`table ${table}`];
  return needed.filter((column) => !found.has(column)).map((column) => `column ${table}.${column}`);
}

const list = (names: readonly string[]): string => names.join(', ').replace(/, ([^,]*)$/, ' and no $1');

/**
 * The checks of Catalog.inspect: rights, types, ids. A server that cannot be reached is a usage Fault here and only
 * here: before a run it is a wrong setting, during one it is a restart.
 */
export async function inspectCatalog(backend: Backend, shape: () => Promise<Shape>) {
  try {
    const known = await shape();
    // Nothing is read, but everything is parsed: types that do not join and rights that are missing show up now.
    await backend.run(() => readRanges(backend.db, known, { after: null, limit: 0 }));
    await checkIds(backend, known);
    return { dialect: backend.dialect, samples: await backend.run(() => countRanges(backend.db)) };
  } catch (error) {
    if (backend.dialect === 'sqlite' || error instanceof Fault) throw error;
    throw usageFault(`DATABASE_URL: cannot read ${error instanceof Error ? error.message : error}`, error);
  }
}

async function checkIds(backend: Backend, { oddId }: Shape): Promise<void> {
  const { rows } = await backend.run(() =>
    sql<{ low: string | null; high: string | null }>`
      select cast(min(id) as text) as low, cast(max(id) as text) as high from samples`.execute(backend.db),
  );
  for (const id of [rows[0]?.low, rows[0]?.high]) {
    if (id === null || id === undefined) continue;
    if (!/^-?\d+$/.test(id) || !Number.isSafeInteger(Number(id))) {
      throw usageFault(
        `DATABASE_URL: samples.id ${id} in ${backend.place} is not an integer within ±(2^53 − 1)`,
      );
    }
  }
  if (!oddId) return;
  const odd = await backend.run(() =>
    backend.db
      .selectFrom('samples')
      .select(sql<string | null>`cast(samples.id as text)`.as('id'))
      .where(oddId)
      .limit(1)
      .executeTakeFirst(),
  );
  if (odd) throw usageFault(`DATABASE_URL: samples.id ${odd.id} in ${backend.place} is not an integer`);
}
