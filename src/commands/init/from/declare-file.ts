import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import { findConfigFile } from '../../../collections/config-file.js';
import { usageFault } from '../../../fault.js';
import { readOrigin, TABLE } from '../../../imports/catalog-file.js';
import { encodingNamed } from '../../../imports/encoding.js';
import { importFile } from '../../../imports/import-file.js';
import type { Matched } from '../../../imports/match-columns.js';
import { columnsOf } from '../../../imports/open-file.js';
import type { FileKind } from '../../../imports/types.js';
import { inShell } from '../../../in-shell.js';
import { count } from '../../../terminal/format.js';
import { isInteractive } from '../../confirm.js';
import type { Console } from '../../console.js';
import { ExitCode } from '../../exit-codes.js';
import { declaredNames } from '../config-text.js';
import { declare, showFirstSamples } from '../declare.js';
import { nameOf } from '../declare-table.js';
import { catalogUrlOf } from './catalog-url.js';
import { chooseColumns, parseColumnOptions } from './choose-columns.js';
import { fileText } from './file-text.js';
import { importAnswer, printImport, printSilenced } from './print-import.js';
import { refuseOtherFile } from './refuse-other-file.js';
import { unusedColumns } from './unused-columns.js';

/**
 * Reads a file of rows into a catalog file beside the configuration and declares it as a collection. If it is declared
 * already, only updates the catalog file. Throws a usage Fault if the collection was read from another file. Exit 130 if
 * the user cancels a question.
 */
export async function declareFile(
  host: NodeJS.Process,
  console: Console,
  {
    kind,
    path,
    name: chosenName,
    column = [],
    replace = false,
    encoding: said,
  }: {
    kind: FileKind;
    path: string;
    name?: string;
    column?: readonly string[];
    /** The file takes the place of the one that the collection was read from. */
    replace?: boolean;
    encoding?: string;
  },
): Promise<number> {
  const file = resolve(host.cwd(), path);
  const ownName = kind === 'rekordbox' ? kind : nameOf(basename(path).replace(/\.[^.]*$/, ''));
  const name = chosenName ?? ownName;
  const command = `embeddings init --from ${kind} ${inFolder(host, file)}${name === ownName ? '' : ` --collection ${name}`}`;
  const config = findConfigFile(host.cwd());
  const folder = config === null ? resolve(host.cwd()) : dirname(config);
  const catalog = join(folder, `${name}.catalog.db`);
  const source = config === null ? null : readFileSync(config, 'utf8');
  const declared = source === null ? null : declaredUrl(source, name);
  const url = catalogUrlOf(basename(catalog));
  if (declared !== null && declared !== url)
    throw usageFault(
      `${config} declares a collection ${name} already: change it there, or choose another name with --collection`,
    );
  const origin = readOrigin(catalog);
  if (origin === null && existsSync(catalog))
    throw usageFault(
      `${catalog} exists and is not a catalog file of this program: move it away, or choose another name with --collection`,
    );
  if (origin !== null && !replace)
    refuseOtherFile(origin, { kind, file, name }, { folder, taken: declaredNames(source) });

  const encoding = {
    ...(said !== undefined && { said: encodingNamed(said) }),
    ...(origin !== null && origin.encoding !== null && { remembered: origin.encoding }),
  };
  const found = await columnsOf(kind, file, encoding);
  if (found.columns.length === 0)
    throw usageFault(
      `${file} has no object of JSON in a line of its own (it is empty, or one object is spread over several lines): write each sample as one line, like {"id":1,"title":"Kick"}`,
    );
  const named = parseColumnOptions(column, found.columns);
  const chosen = { ...before(origin?.columns ?? {}, found.columns), ...named };
  const columns = await chooseColumns(kind, found, {
    chosen,
    isInteractive: isInteractive(host) && !console.json,
  });
  if (columns === null) return ExitCode.Interrupted;
  for (const repeated of found.repeated)
    console.say(
      `Several columns are called ${repeated}: the first keeps the name, the others have a number behind it.`,
    );
  console.say(`Reading ${file} …`);
  const imported = await importFile({ kind, file, catalog, columns, encoding }, (rows) =>
    console.say(`Read ${count(rows)} rows …`),
  );
  printImport(console, imported, { file, catalog, id: columns.id, command });
  const { silenced, ...text } = fileText(imported.columns, columns, { silent: imported.silent, chosen });
  const answer = { import: importAnswer(imported, catalog, silenced) };
  if (declared !== null && config !== null) {
    const document = parseDocument(source ?? '');
    const [text, file] = ['text', 'file'].map((key) => document.getIn(['collections', name, key]));
    for (const sentence of unusedColumns(named, origin?.columns ?? {}, { text, file, config }))
      console.say(sentence);
    const isOneOfMany = declaredNames(source).length > 1;
    await showFirstSamples(host, console, { file: config, name, isOneOfMany, answer });
    return ExitCode.Ok;
  }
  printSilenced(console, silenced);
  return declare(
    host,
    console,
    {
      name,
      source: { url, table: TABLE },
      notes: [
        `The rows of ${inFolder(host, file)}, copied into a catalog file. Their id is the column ${columns.id}: it identifies each row`,
        `after a change. When the file has changed: ${command}`,
      ],
      ...text,
    },
    answer,
  );
}

/** Returns the URL of a declared collection's source as written; null: no collection of that name. */
function declaredUrl(source: string, name: string): string | null {
  const document = parseDocument(source);
  const collection = document.getIn(['collections', name], true);
  if (collection === undefined) return null;
  return isMap(collection) ? String(collection.getIn(['source', 'url']) ?? '') : '';
}

/** Returns last time's choice of columns, without columns that no longer exist. */
const before = (columns: Matched, there: readonly string[]): Matched =>
  Object.fromEntries(Object.entries(columns).filter(([, column]) => there.includes(column)));

const inFolder = (host: NodeJS.Process, file: string): string => {
  const path = relative(host.cwd(), file);
  return inShell(path.startsWith('..') ? file : path);
};
