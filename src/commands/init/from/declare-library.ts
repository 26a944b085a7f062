import { usageFault } from '../../../fault.js';
import { listTables } from '../../../sources/tables.js';
import { Database } from '../../../sqlite.js';
import type { Console } from '../../console.js';
import { declare } from '../declare.js';
import { beetsForm, isBeets } from './beets.js';
import { catalogUrlOf } from './catalog-url.js';
import { PROGRAMS } from './find-library.js';
import { type LibraryForm, type Tables, tablesOf } from './library-form.js';
import { isMixxx, mixxxForm } from './mixxx.js';
import { isSplice, spliceForm } from './splice.js';

/** Programs whose library is an SQLite database, which is read where it lies. */
export type DatabaseKind = 'splice' | 'mixxx' | 'beets';

const FORMS: Readonly<
  Record<
    DatabaseKind,
    { is: (tables: Tables) => boolean; form: (tables: Tables, path: string) => LibraryForm }
  >
> = {
  splice: { is: isSplice, form: spliceForm },
  mixxx: { is: isMixxx, form: mixxxForm },
  beets: { is: isBeets, form: (tables, path) => beetsForm(tables, flexibleAttributes(tables, path)) },
};

/** Declares a program's library as a collection. Throws a usage Fault where the file is not one of that program. */
export async function declareLibrary(
  host: NodeJS.Process,
  console: Console,
  { kind, path, name = kind }: { kind: DatabaseKind; path: string; name?: string },
): Promise<number> {
  const url = catalogUrlOf(path);
  const found = await listTables(url);
  const tables = tablesOf(found);
  const { is, form } = FORMS[kind];
  if (!is(tables))
    throw notOurs(
      kind,
      path,
      found.map((table) => table.name),
      tables,
    );
  console.say(`Library of ${PROGRAMS[kind].program}: ${path}`);
  const { select, ...rest } = form(tables, path);
  return declare(host, console, { name, source: { url, select }, ...rest });
}

function notOurs(kind: DatabaseKind, path: string, names: readonly string[], tables: Tables): Error {
  const other = (Object.keys(FORMS) as DatabaseKind[]).find((each) => FORMS[each].is(tables));
  return usageFault(
    `--from ${kind}: ${path} is no library of ${PROGRAMS[kind].program}; ` +
      (other === undefined
        ? `it has the tables ${names.join(', ') || '(none)'}. For one of them set DATABASE_URL to the file, then: embeddings init --table NAME`
        : `it is one of ${PROGRAMS[other].program}: embeddings init --from ${other}`),
  );
}

/** Names of the attributes that items of beets have besides its columns, in their order. */
function flexibleAttributes({ has }: Tables, path: string): string[] {
  if (!has('item_attributes', 'entity_id', 'key', 'value')) return [];
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  try {
    return database
      .prepare<[], string>('SELECT DISTINCT key FROM item_attributes WHERE key IS NOT NULL ORDER BY key')
      .pluck()
      .all() as string[];
  } finally {
    database.close();
  }
}
