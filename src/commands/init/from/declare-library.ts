import { usageFault } from '../../../fault.js';
import { inShell } from '../../../in-shell.js';
import { type Program, programOf } from '../../../sources/known-programs.js';
import { listTables } from '../../../sources/tables.js';
import type { Console } from '../../console.js';
import { declare } from '../declare.js';
import { beetsForm } from './beets.js';
import { catalogUrlOf } from './catalog-url.js';
import { PROGRAMS } from './find-library.js';
import { attributesOf, hasRelativePaths, queryLibrary, spliceFacts } from './library-facts.js';
import { type LibraryForm, type Tables, tablesOf } from './library-form.js';
import { mixxxForm } from './mixxx.js';
import { spliceForm } from './splice.js';

const FORMS: Readonly<Record<Program, (tables: Tables, path: string) => LibraryForm>> = {
  splice: (tables, path) =>
    spliceForm(
      tables,
      queryLibrary(path, (read) => spliceFacts(read, { hasHashes: tables.has('samples', 'file_hash') })),
    ),
  mixxx: mixxxForm,
  beets: (tables, path) =>
    beetsForm(
      tables,
      queryLibrary(path, (read) => ({
        attributes: tables.has('item_attributes', 'entity_id', 'key', 'value') ? attributesOf(read) : [],
        isRelative: hasRelativePaths(read),
      })),
    ),
};

/** Declares a program's library as a collection. Throws a usage Fault if the file is not a library of that program. */
export async function declareLibrary(
  host: NodeJS.Process,
  console: Console,
  { kind, path, name = kind }: { kind: Program; path: string; name?: string },
): Promise<number> {
  const url = catalogUrlOf(path);
  const found = await listTables(url);
  const tables = tablesOf(found);
  const owner = programOf(found);
  if (owner !== kind) throw notOurs(kind, { path, owner, names: found.map((table) => table.name) });
  console.say(`Library of ${PROGRAMS[kind].program}: ${path}`);
  const { select, advice, ...rest } = FORMS[kind](tables, path);
  if (advice !== undefined) console.say(advice);
  return declare(host, console, { name, source: { url, select }, ...rest });
}

function notOurs(
  kind: Program,
  { path, owner, names }: { path: string; owner: Program | null; names: readonly string[] },
): Error {
  return usageFault(
    `--from ${kind}: ${path} is no library of ${PROGRAMS[kind].program}; ` +
      (owner === null
        ? `it has the tables ${names.join(', ') || '(none)'}. For one of them set DATABASE_URL to the file, then: embeddings init --table NAME`
        : `it is one of ${PROGRAMS[owner].program}: embeddings init --from ${owner} --path ${inShell(path)}`),
  );
}
