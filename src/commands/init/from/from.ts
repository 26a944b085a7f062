import { homedir } from 'node:os';
import { usageFault } from '../../../fault.js';
import { createConsole } from '../../console.js';
import { declareLibrary } from './declare-library.js';
import { findLibrary } from './find-library.js';

export const KINDS = ['splice', 'mixxx', 'beets', 'rekordbox', 'csv', 'jsonl'] as const;
export type Kind = (typeof KINDS)[number];

export interface FromOptions {
  from: Kind;
  /** The library; absent: it is looked for in its usual places. */
  path?: string;
  /** `--column title=NAME`: which column of a file is what. */
  column?: readonly string[];
  json?: boolean;
}

/** `embeddings init --from KIND`: declares a program's library, or a file's rows, as a collection. */
export async function initFrom(host: NodeJS.Process, options: FromOptions): Promise<number> {
  const { from, path, column } = options;
  const console = createConsole(host, options.json === true);
  const machine = { platform: process.platform, home: host.env.HOME || homedir(), env: host.env };
  // The option --collection has set it.
  const name = host.env.EMBEDDINGS_COLLECTION;
  const named = name === undefined ? {} : { name };
  switch (from) {
    case 'splice':
    case 'mixxx':
    case 'beets':
      if (column !== undefined)
        throw usageFault(
          `--column is for csv, jsonl and rekordbox: correct the SELECT of ${from} in the written file instead`,
        );
      return declareLibrary(host, console, {
        kind: from,
        path: findLibrary(from, path, machine, host.cwd()),
        ...named,
      });
    default:
      throw usageFault(`--from ${from}`);
  }
}
