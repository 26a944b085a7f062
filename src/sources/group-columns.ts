import type { Column, ListedTable } from './backend.js';

type ColumnOfTable = Column & { table: string; name: string; key: boolean };

/** Groups rows that describe columns into tables. Keeps their order. */
export function groupColumns(rows: readonly ColumnOfTable[]): ListedTable[] {
  const tables = new Map<string, ColumnOfTable[]>();
  for (const row of rows) {
    const columns = tables.get(row.table);
    if (columns === undefined) tables.set(row.table, [row]);
    else columns.push(row);
  }
  return [...tables].map(([name, columns]) => ({
    name,
    columns: columns.map(({ name, type, array }) => ({ name, type, array })),
    key: columns.find(({ key }) => key)?.name ?? null,
  }));
}
