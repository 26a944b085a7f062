import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Settings } from '../config.js';
import { parseStoreUrl } from '../engines/libsql/url.js';
import { usageFault } from '../fault.js';
import { parseCatalogUrl } from '../sources/url.js';

/**
 * Throws a usage Fault when catalog and store are one SQLite file: the catalog is only ever read, and two libraries
 * that open one file in one process drop each other's locks.
 */
export function refuseSameFile({ catalogUrl, storeUrl }: Pick<Settings, 'catalogUrl' | 'storeUrl'>): void {
  if (catalogUrl === null || storeUrl === null) return;
  const catalog = parseCatalogUrl(catalogUrl);
  const store = parseStoreUrl(storeUrl);
  if (catalog.dialect !== 'sqlite' || store.kind !== 'file') return;
  if (!isSame(catalog.path, store.path)) return;
  throw usageFault(
    `TURSO_DATABASE_URL names the catalog's own file, ${catalog.path}, to which nothing is written: name another file for ` +
      'the store. If it holds vectors already, copy the file while nothing writes to it, and name the copy',
  );
}

function isSame(one: string, other: string): boolean {
  if (resolve(one) === resolve(other)) return true;
  const [first, second] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false, bigint: true }));
  return first !== undefined && second !== undefined && first.dev === second.dev && first.ino === second.ino;
}
