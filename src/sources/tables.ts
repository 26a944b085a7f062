import type { ListedTable } from './backend.js';
import { openBackend } from './open-backend.js';

export type { ListedTable } from './backend.js';

/**
 * The tables and views of the database that a catalog's URL names, in the order of their names. Only looks. Throws a
 * Fault as openCatalog does.
 */
export async function listTables(url: string): Promise<ListedTable[]> {
  const backend = await openBackend(url, { readOnly: true });
  try {
    return await backend.run(() => backend.tables());
  } finally {
    await backend.close();
  }
}
