import type { ListedTable } from './backend.js';
import { openBackend } from './open-backend.js';

export type { ListedTable } from './backend.js';

/**
 * Lists the tables and views of the database that a catalog's URL names, ordered by name. Only reads. Throws a Fault as
 * openCatalog does.
 */
export async function listTables(url: string): Promise<ListedTable[]> {
  const backend = await openBackend(url, { readOnly: true });
  try {
    return await backend.run(() => backend.tables());
  } finally {
    await backend.close();
  }
}
