import type { Catalog } from '../types.js';

/** The part of a catalog that depends on what its ids are. */
export interface Rows extends Pick<Catalog, 'readPage' | 'readIds' | 'whichExist' | 'count' | 'findIds'> {
  /** Rows after an id as the database has it, each as far as it can be read; for counting. */
  rowsAfter(after: string | number | null, limit: number): Promise<Record<string, unknown>[]>;
}
