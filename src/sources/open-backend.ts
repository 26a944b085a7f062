import type { Backend } from './backend.js';
import { parseCatalogUrl } from './url.js';

/**
 * Connects to what a catalog's URL names. `readOnly`: the server itself refuses what writes. Throws a usage Fault for a
 * value that names no catalog.
 */
export async function openBackend(url: string, options: { readOnly: boolean }): Promise<Backend> {
  const target = parseCatalogUrl(url);
  return target.dialect === 'sqlite'
    ? await (await import('./sqlite/index.js')).openSqlite(target.path)
    : await (await import('./postgres/index.js')).openPostgres(target, options);
}
