import type { ListedTable } from './backend.js';
import { openBackend } from './open-backend.js';

export type { ListedTable } from './backend.js';

/** Returns whether these are the sample library's: a table samples with a title, and an id that is not text. */
export const isLibrary = (tables: readonly ListedTable[]): boolean =>
  tables.some(({ name, columns }) => {
    const typeOf = (wanted: string): string | undefined =>
      columns.find((column) => column.name.toLowerCase() === wanted)?.type;
    const id = typeOf('id');
    return name === 'samples' && typeOf('title') !== undefined && id !== undefined && !IS_TEXT.test(id);
  });

/** Names of types of text, of both databases. */
const IS_TEXT = /char|clob|text|uuid|^name$/i;

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
