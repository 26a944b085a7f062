import { type Fault, usageFault } from '../fault.js';
import { quoted } from '../in-shell.js';
import type { Backend, FoundTable } from './backend.js';
import { idKind } from './declared/id-kind.js';
import { type Program, programOf } from './known-programs.js';

/** Creates the Fault for a catalog without that table. Names the schemas that have it, or else the existing tables. */
export async function noTable(backend: Backend, table: string): Promise<Fault> {
  const schemas = await backend.run(() => backend.elsewhere(table));
  const [first] = schemas;
  if (first !== undefined)
    return usageFault(
      `DATABASE_URL: the catalog in ${backend.place} has no table ${table}; there is one in schema ${schemas.join(', ')}: ` +
        `add ?schema=${first} to read it`,
    );
  const tables = await backend.run(() => backend.tables());
  const names = tables.map(({ name }) => name);
  const found = names.length === 0 ? 'no readable table' : shortened(names);
  return usageFault(
    `DATABASE_URL: the catalog in ${backend.place} has no table ${table}; it has ${found}: ` +
      waysIn(backend, programOf(tables), 'NAME'),
  );
}

/** Creates the Fault for tables that lack columns. Lists the columns that exist, and a command that can read them. */
export function otherKind(
  backend: Backend,
  missing: readonly string[],
  { samples, analyses }: { samples: FoundTable; analyses: FoundTable | null },
): Fault {
  const columnsOf = (table: string, { columns }: FoundTable): string =>
    `${table} has ${shortened([...columns.keys()])}`;
  const described = (name: string, { columns }: FoundTable) => ({
    name,
    columns: [...columns.keys()].map((each) => ({ name: each })),
  });
  const head = `DATABASE_URL: the catalog in ${backend.place} has no ${list(missing)}`;
  if (analyses !== null && !missing.some((name) => name.includes(' samples.')))
    return usageFault(
      `${head}; ${columnsOf('vibe_analyses', analyses)}: give it the id of its sample, or leave it out, ${initTable('samples')}`,
    );
  return usageFault(
    `${head}; ${columnsOf('samples', samples)}: ${waysIn(backend, programOf([described('samples', samples)]), 'samples')}`,
  );
}

/** Returns the command that declares a table, with whatever ids and columns it has. */
const initTable = (table: string): string => `embeddings init --table ${table}`;

/**
 * Returns the cure for ids of the table samples that are no whole numbers. Where the column holds text, the table can be
 * declared as it is. Null: its column holds whole numbers.
 */
export async function cureOfIds(backend: Backend, samples: FoundTable | null): Promise<string> {
  const type = samples?.columns.get('id')?.type ?? '';
  const kind = samples === null ? null : await idKind(backend, { from: samples.from, column: 'id', type });
  return kind === 'text'
    ? `to embed the table with its ids of text, ${initTable('samples')}`
    : 'make it one, or a view named samples without such rows';
}

/** Returns the command that makes a collection of the existing tables. */
function waysIn({ place }: Backend, program: Program | null, table: string): string {
  if (program === null) return `to embed another table, ${initTable(table)}`;
  const path = quoted(place.replace(/^SQLite at /, ''));
  return `it is the library of another program, embeddings init --from ${program} --path ${path} takes it as it is`;
}

const MOST_NAMES = 30;
const shortened = (names: readonly string[]): string =>
  names.length <= MOST_NAMES
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`;

const list = (names: readonly string[]): string => names.join(', ').replace(/, ([^,]*)$/, ' and no $1');
