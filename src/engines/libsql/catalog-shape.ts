import type { StoreConnection } from './connection.js';
import { isMissingTable } from './errors.js';

/** One field of the catalog when the last run began: the table `samples` or `vibe_analyses` itself, or a column. */
export interface RememberedField {
  field: string;
  /** Rows with a value; null: there was no such column. */
  filled: number | null;
  /** The database hid rows of this table. */
  hidden: boolean;
}

/** Grain: one row a field of the catalog, as the last started run found it. */
export const CATALOG_SHAPE_SCHEMA: readonly string[] = [
  `CREATE TABLE catalog_shape (
    field TEXT PRIMARY KEY,
    filled INTEGER,
    hidden INTEGER NOT NULL,
    run_id TEXT NOT NULL,
    seen_at TEXT NOT NULL
  )`,
];

export interface CatalogShapeStore {
  /** Returns null if no run has saved a shape yet. */
  rememberedShape(): Promise<RememberedField[] | null>;
  rememberShape(runId: string, fields: readonly RememberedField[]): Promise<void>;
}

export const createCatalogShape = (connection: StoreConnection): CatalogShapeStore => ({
  async rememberedShape() {
    const { rows } = await connection
      .read('shape', 'SELECT field, filled, hidden FROM catalog_shape ORDER BY field')
      .catch((error: unknown) => {
        if (isMissingTable(error)) return { rows: [] };
        throw error;
      });
    if (rows.length === 0) return null;
    return rows.map((row) => ({
      field: String(row.field),
      filled: row.filled === null ? null : Number(row.filled),
      hidden: Number(row.hidden) === 1,
    }));
  },
  async rememberShape(runId, fields) {
    const now = new Date().toISOString();
    await connection.write('shape', [
      'DELETE FROM catalog_shape',
      ...fields.map(({ field, filled, hidden }) => ({
        sql: 'INSERT INTO catalog_shape VALUES (?, ?, ?, ?, ?)',
        args: [field, filled === null ? null : BigInt(filled), hidden ? 1n : 0n, runId, now],
      })),
    ]);
  },
});
