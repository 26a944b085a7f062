import { homedir } from 'node:os';
import { NAME_RULE } from '../../../collections/config-schema.js';
import { usageFault } from '../../../fault.js';
import { createConsole } from '../../console.js';
import { declareFile } from './declare-file.js';
import { declareLibrary } from './declare-library.js';
import { findLibrary } from './find-library.js';

export const KINDS = ['splice', 'mixxx', 'beets', 'rekordbox', 'csv', 'jsonl'] as const;
export type Kind = (typeof KINDS)[number];

/** The form that NAME_RULE describes. */
const NAME = /^[a-z][a-z0-9-]{0,39}$/;

export interface FromOptions {
  from: Kind;
  /** The library's path; absent: it is searched for in its usual places. */
  path?: string;
  /** `--column title=NAME`: which column has which role. */
  column?: readonly string[];
  replace?: boolean;
  /** How a file writes its letters, as a name of TextDecoder's; absent: detected. */
  encoding?: string;
  json?: boolean;
}

/** `embeddings init --from KIND`: declares a program's library, or the rows of a file, as a collection. */
export async function initFrom(host: NodeJS.Process, options: FromOptions): Promise<number> {
  const { from, path, column, encoding, replace = false } = options;
  const console = createConsole(host, options.json === true);
  const machine = { platform: process.platform, home: host.env.HOME || homedir(), env: host.env };
  // Set by the option --collection.
  const name = host.env.EMBEDDINGS_COLLECTION;
  if (name !== undefined && !NAME.test(name))
    throw usageFault(`--collection ${name} is no name for a collection: use ${NAME_RULE}`);
  const named = name === undefined ? {} : { name };
  const read = { ...(column !== undefined && { column }), ...(encoding !== undefined && { encoding }) };
  switch (from) {
    case 'splice':
    case 'mixxx':
    case 'beets':
      if (column !== undefined)
        throw usageFault(
          `--column is for csv, jsonl and rekordbox: correct the SELECT of ${from} in the written file instead`,
        );
      if (replace)
        throw usageFault(
          `--replace is for csv, jsonl and rekordbox: ${from}'s library is read in place, change its url in the written file instead`,
        );
      if (encoding !== undefined)
        throw usageFault(`--encoding is for csv, jsonl and rekordbox, which are files of text: leave it out`);
      return declareLibrary(host, console, {
        kind: from,
        path: findLibrary(from, path, machine, host.cwd()),
        ...named,
      });
    case 'rekordbox':
      return declareFile(host, console, {
        kind: from,
        path: findLibrary(from, path, machine, host.cwd()),
        ...named,
        ...read,
        replace,
      });
    default:
      if (path === undefined)
        throw usageFault(`--from ${from} needs a file: embeddings init --from ${from} PATH`);
      return declareFile(host, console, { kind: from, path, ...named, ...read, replace });
  }
}
