import { type RawBuilder, sql } from 'kysely';
import { usageFault } from '../../fault.js';
import type { Backend } from '../backend.js';
import { checkIds } from '../inspect.js';
import type { DeclaredShape } from './shape.js';
import { checkedKey, LONGEST_KEY } from './text-queries.js';

const PAGE = 20_000;

/** Throws a usage Fault that names an id which is missing, malformed or not unique. */
export async function checkDeclaredIds(backend: Backend, shape: DeclaredShape): Promise<void> {
  if (shape.ids === 'integer')
    await checkIds(backend, shape, 'make it one, or exclude such rows with a SELECT');
  else await checkTexts(backend, shape);
  await refuseRepeated(backend, shape);
}

async function checkTexts(backend: Backend, shape: DeclaredShape): Promise<void> {
  const { db, dialect, run } = backend;
  const id = sql.ref('samples.id');
  const odd =
    dialect === 'postgres'
      ? sql<boolean>`${id} is null or octet_length(cast(${id} as text)) > ${LONGEST_KEY}`
      : sql<boolean>`typeof(${id}) <> 'text' or length(cast(${id} as blob)) > ${LONGEST_KEY}
          or instr(${id}, char(0)) > 0`;
  for (const value of await run(() => ids(backend, shape, sql`where ${odd} limit 1`)))
    checkedKey(shape, value);
  if (dialect === 'postgres') return;
  // SQLite stores any bytes as text. Only texts with non-ASCII bytes can be invalid UTF-8.
  for (let after: string | null = null; ; ) {
    const beyond: RawBuilder<unknown> = after === null ? sql`` : sql`and ${id} > ${after}`;
    const page: unknown[] = await run(() =>
      ids({ db }, shape, sql`where ${id} glob '*[^ -~]*' ${beyond} order by ${id} limit ${PAGE}`),
    );
    for (const value of page) after = checkedKey(shape, value);
    if (page.length < PAGE) return;
  }
}

async function ids(
  { db }: Pick<Backend, 'db'>,
  { fromSamples }: DeclaredShape,
  rest: RawBuilder<unknown>,
): Promise<unknown[]> {
  const { rows } = await sql<{ id: unknown }>`
    select samples.id as id from ${fromSamples} as samples ${rest}`.execute(db);
  return rows.map((row) => row.id);
}

async function refuseRepeated({ db, run, place }: Backend, shape: DeclaredShape): Promise<void> {
  const { rows } = await run(() =>
    sql<{ id: string; times: number }>`
      select cast(samples.id as text) as id, count(*) as times from ${shape.fromSamples} as samples
      group by samples.id having count(*) > 1 limit 1`.execute(db),
  );
  const [first] = rows;
  if (first !== undefined)
    throw usageFault(
      `${shape.idName} ${JSON.stringify(first.id)} occurs ${first.times} times in ${place}: name a column that is ` +
        'unique, or a SELECT that gives each row once',
    );
}
