import { sql } from 'kysely';
import { usageFault } from '../../fault.js';
import type { Backend } from '../backend.js';
import type { DeclaredRows } from '../types.js';
import { type DeclaredShape, nameOf } from './shape.js';
import { pageQuery } from './text-queries.js';

/**
 * Tables up to this size need no index. Without an index on the id, each page sorts the whole table: a million rows
 * would be sorted a thousand times.
 */
const SMALL = 10_000;
const PAGE = 1000;

/** Throws a usage Fault when each page would read the whole table, and the table has over 10,000 rows. */
export async function refuseUnindexed(
  backend: Backend,
  { shape, rows, count }: { shape: DeclaredShape; rows: DeclaredRows; count: number },
): Promise<void> {
  if (count <= SMALL) return;
  const bounded = await backend.run(() =>
    (backend.dialect === 'sqlite' ? seeks : sortsNothing)(backend, shape),
  );
  if (bounded) return;
  const column = shape.idColumn;
  const cure =
    'table' in rows
      ? `CREATE UNIQUE INDEX ${backend.dialect === 'sqlite' ? `${rows.table}_${column} ` : ''}ON ${rows.table} (${column}), ` +
        'or, for a view, on the table that the column comes from'
      : `let ${column} be a column that has an index, as it is in its table, and leave out WITH, DISTINCT, GROUP BY, ORDER BY and LIMIT`;
  throw usageFault(
    `source.id: no index serves ${column} of ${nameOf(rows)} in ${backend.place}, so each page would read all of its ` +
      `${count.toLocaleString('en')} rows: ${cure}`,
  );
}

/** Returns whether PostgreSQL can deliver the order without a sort. In a run its cost estimates decide. */
async function sortsNothing({ db }: Backend, shape: DeclaredShape): Promise<boolean> {
  const plan = await db.transaction().execute(async (transaction) => {
    await sql`set local enable_sort = off`.execute(transaction);
    const { rows } = await sql<{ 'QUERY PLAN': string }>`
      explain (format json) ${pageQuery(shape, { after: null, limit: PAGE })}`.execute(transaction);
    return JSON.parse(rows[0]?.['QUERY PLAN'] ?? '[]') as { Plan: PostgresPlan }[];
  });
  return plan.every(({ Plan }) => !sorts(Plan));
}

interface PostgresPlan {
  'Node Type': string;
  'Parent Relationship'?: string;
  Plans?: PostgresPlan[];
}

/** Returns whether the plan sorts the ordered rows. Rows that are joined to them may be sorted. */
const sorts = (plan: PostgresPlan): boolean =>
  plan['Node Type'] === 'Sort' ||
  plan['Node Type'] === 'Incremental Sort' ||
  (plan.Plans ?? [])
    .filter(({ 'Parent Relationship': kind }) => /^(Outer|Member|Subquery)$/.test(kind ?? ''))
    .some(sorts);

/** Returns whether SQLite seeks the first row of a page and sorts nothing. */
async function seeks({ db }: Backend, shape: DeclaredShape): Promise<boolean> {
  const { rows } = await sql<SqlitePlan>`
    explain query plan ${pageQuery(shape, { after: shape.ids === 'text' ? '' : 0, limit: PAGE })}`.execute(
    db,
  );
  return rows.every(({ detail }) => !/^USE TEMP B-TREE/.test(detail)) && seeksUnder(rows, 0);
}

interface SqlitePlan {
  id: number;
  parent: number;
  detail: string;
}

/** Returns whether the outermost loop is a search. In a co-routine or compound query, checks the loops inside. */
function seeksUnder(plan: readonly SqlitePlan[], parent: number): boolean {
  const parts = plan.filter((line) => line.parent === parent);
  const nested = parts.filter(({ detail }) =>
    /^(CO-ROUTINE|COMPOUND|MERGE|LEFT|RIGHT|UNION ALL)/.test(detail),
  );
  if (nested.length > 0) return nested.every(({ id }) => seeksUnder(plan, id));
  return parts.find(({ detail }) => /^(SCAN|SEARCH)/.test(detail))?.detail.startsWith('SEARCH') ?? true;
}
