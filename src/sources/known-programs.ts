import type { ListedTable } from './backend.js';

/** Programs whose library is an SQLite database that `embeddings init --from` knows. */
export type Program = 'splice' | 'mixxx' | 'beets';

/** The tables and columns that identify each program, in lower case. */
const SIGNS: Readonly<Record<Program, Readonly<Record<string, readonly string[]>>>> = {
  splice: { samples: ['local_path', 'audio_key'] },
  mixxx: { library: ['location', 'mixxx_deleted'], track_locations: ['location', 'filename'] },
  beets: { items: ['path', 'album_id', 'title'] },
};

type Described = Pick<ListedTable, 'name'> & { columns: readonly { name: string }[] };

/** Returns the program whose library has these tables, or null. Ignores letter case, as SQLite does. */
export function programOf(tables: readonly Described[]): Program | null {
  const columns = new Map(
    tables.map(({ name, columns }) => [
      name.toLowerCase(),
      new Set(columns.map((column) => column.name.toLowerCase())),
    ]),
  );
  const found = Object.entries(SIGNS).find(([, signs]) =>
    Object.entries(signs).every(([table, names]) => names.every((name) => columns.get(table)?.has(name))),
  );
  return (found?.[0] as Program | undefined) ?? null;
}
