import type { Backend } from './backend.js';
import { parseCatalogUrl } from './url.js';

/**
 * Opens the database that a catalog's URL names. `readOnly`: the server itself refuses writes. Throws a usage Fault for
 * a value that does not name a catalog.
 */
export async function openBackend(url: string, options: { readOnly: boolean }): Promise<Backend> {
  const target = parseCatalogUrl(url);
  return target.dialect === 'sqlite'
    ? await (await import('./sqlite/index.js')).openSqlite(target.path)
    : await (await import('./postgres/index.js')).openPostgres(target, options);
}
