import { nearestName } from '../../collections/nearest-name.js';
import { loadEnvironmentSettings, required } from '../../config.js';
import { Fault, usageFault } from '../../fault.js';
import { bareName } from '../../sources/table-name.js';
import { type ListedTable, listTables } from '../../sources/tables.js';
import type { Console } from '../console.js';
import { declare } from './declare.js';
import { suggestText } from './text-lines.js';

/** Columns that search shows of a new collection. */
const SHOWN = 4;

/** Declares a table or view of DATABASE_URL as a collection. Throws a usage Fault if there is none of that name. */
export async function declareTable(
  host: NodeJS.Process,
  console: Console,
  { table, name = nameOf(table) }: { table: string; name?: string },
): Promise<number> {
  const { catalogUrl, collection } = required(loadEnvironmentSettings(), 'catalogUrl');
  if (collection.folder !== null)
    throw usageFault(
      '--table: DATABASE_URL is a folder of audio files, which has no tables and needs no declaration: embeddings scan reads it',
    );
  const tables = await listTables(catalogUrl);
  const found =
    tables.find((each) => each.name === table) ??
    tables.find((each) => bareName(each.name) === table || each.name.endsWith(`.${table}`));
  if (found === undefined) throw noTable(table, tables);
  const id = idOf(found);
  const { lines, fields, left } = suggestText(found);
  if (id === null || lines.length === 0)
    throw usageFault(
      `--table: ${found.name} has ${id === null ? 'no primary key and no column named id' : 'no column that says how a sample sounds'}; ` +
        `it has ${found.columns.map((column) => column.name).join(', ')}: write source.select in embeddings.config.yaml yourself (docs/collections.md)`,
    );
  const declared = declare(host, console, {
    name,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the configuration file.
    source: { url: '${DATABASE_URL}', table: found.name.replaceAll('${', '$${'), id },
    text: lines,
    show: fields.slice(0, SHOWN),
    filters: fields,
    file: fileOf(found),
    left: left.filter((column) => column !== id),
  });
  return declared.catch((error: unknown) => {
    throw withView(error);
  });
}

/** Says how a SELECT is declared where the cure is one, as no file was written in which it could be changed. */
const withView = (error: unknown): unknown =>
  error instanceof Fault && /\bSELECT\b/.test(error.message)
    ? new Fault(
        error.kind,
        `${error.message}. Nothing was written: for a SELECT, create a view of it with a column id, then embeddings init --table VIEW; or write source.select into embeddings.config.yaml (docs/collections.md)`,
        { cause: error },
      )
    : error;

const idOf = ({ key, columns }: ListedTable): string | null =>
  key ?? columns.find(({ name }) => /^(?:id|uuid|guid)$/i.test(name))?.name ?? null;

/** Returns the column whose name says that it holds the path of the audio file. */
const fileOf = ({ columns }: ListedTable): string | null =>
  columns.find(({ name }) =>
    /^(?:(?:file|full|local|sample|audio)_?path|path|location|file_?name|file)$/i.test(name),
  )?.name ?? null;

/** Letters of a collection's name, at most. */
export const LONGEST_NAME = 40;

/** Converts a table's name to a valid collection name. */
export function nameOf(table: string): string {
  const words = table
    .split('.')
    .at(-1)
    ?.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, LONGEST_NAME)
    .replace(/-+$/, '');
  return words === undefined || words === '' ? 'collection' : words;
}

function noTable(table: string, tables: readonly ListedTable[]): Error {
  const names = tables.map(({ name }) => name);
  const near = nearestName(table, names);
  const cure =
    near === null
      ? `it has ${names.slice(0, 20).join(', ') || 'none that this role may read'}`
      : `did you mean ${near}?`;
  return usageFault(`--table: DATABASE_URL has no table ${table}: ${cure}`);
}
