import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Fault } from '../../fault.js';
import { rowsKindOf } from '../../sources/known-files.js';
import { programOf } from '../../sources/known-programs.js';
import { type ListedTable, listTables } from '../../sources/tables.js';
import { expandHome, parseCatalogUrl } from '../../sources/url.js';
import type { Kind } from './from/from.js';
import { isFolder } from './from/places.js';

/** What an answer to DATABASE_URL, or an argument, names. */
export type NamedCatalog =
  | { kind: 'folder'; path: string }
  /** A file of rows or a program's library, which `init --from` declares. */
  | { kind: 'from'; from: Kind; path: string }
  | { kind: 'database'; tables: ListedTable[] }
  /** It cannot be read now; `why` is null where the server may only be down. */
  | { kind: 'unread'; why: string | null };

/** Finds out what a value names. Only reads. Relative paths count from `cwd`. */
export async function namedCatalog(value: string, cwd: string): Promise<NamedCatalog> {
  try {
    const target = parseCatalogUrl(value);
    if (target.dialect !== 'sqlite') return { kind: 'database', tables: await listTables(value) };
    const path = resolve(cwd, target.path);
    if (isFolder(path)) return { kind: 'folder', path };
    const rows = existsSync(path) ? rowsKindOf(path) : null;
    if (rows !== null) return { kind: 'from', from: rows, path };
    const tables = await listTables(value);
    const program = programOf(tables);
    return program === null ? { kind: 'database', tables } : { kind: 'from', from: program, path };
  } catch (error) {
    return { kind: 'unread', why: error instanceof Fault ? error.message : null };
  }
}

/**
 * Returns a path as the user means it: a terminal into which a folder is dragged writes quotes around the path, or a
 * backslash before each blank. Other values are unchanged.
 */
export function withoutShellQuotes(value: string, cwd: string): string {
  const isThere = (path: string): boolean => existsSync(resolve(cwd, expandHome(path)));
  const bare = /^(['"])(.*)\1$/s.exec(value)?.[2] ?? value;
  const plain = bare.replace(/\\(.)/gs, '$1');
  return bare === value && !isThere(bare) && isThere(plain) ? plain : bare;
}
