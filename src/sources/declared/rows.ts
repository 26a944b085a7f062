import type { Catalog } from '../types.js';

/** The catalog methods that depend on the type of the ids. */
export interface Rows extends Pick<Catalog, 'readPage' | 'readIds' | 'whichExist' | 'count' | 'findIds'> {
  /** Returns rows after an id in the database's form, for counting. Columns that cannot be read are absent. */
  rowsAfter(after: string | number | null, limit: number): Promise<Record<string, unknown>[]>;
}
