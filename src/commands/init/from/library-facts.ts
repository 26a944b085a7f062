import { Database } from '../../../sqlite.js';

/**
 * How the hashes of Splice's samples can serve as ids. `unique`: each occurs once. `repeated`: they are indexed, but
 * one may occur twice. `none`: a sample has no hash, or there is no index, so that each page of a large library would
 * read all of it.
 */
export type Hashes = 'unique' | 'repeated' | 'none';

export interface SpliceFacts {
  hashes: Hashes;
  /** An index keeps the uuid of each pack unique. */
  hasUniquePacks: boolean;
}

type Reader = (sql: string) => unknown[];

/** Opens the library at a path, read-only, and returns what `query` finds. */
export function queryLibrary<Fact>(path: string, query: (read: Reader) => Fact): Fact {
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  try {
    return query((sql) => database.prepare(sql).pluck().all());
  } finally {
    database.close();
  }
}

export const spliceFacts = (read: Reader, { hasHashes }: { hasHashes: boolean }): SpliceFacts => ({
  hashes: hasHashes ? hashesOf(read) : 'none',
  hasUniquePacks: indexesOf(read, 'packs', 'uuid').includes(1),
});

/** Returns, for each index of a column alone, whether it is unique (1) or not (0). */
const indexesOf = (read: Reader, table: string, column: string): unknown[] =>
  read(`SELECT "unique" FROM pragma_index_list('${table}') AS list WHERE partial = 0
    AND (SELECT lower(name) FROM pragma_index_info(list.name) WHERE seqno = 0) = '${column}'
    AND (SELECT count(*) FROM pragma_index_info(list.name)) = 1`);

function hashesOf(read: Reader): Hashes {
  const indexes = indexesOf(read, 'samples', 'file_hash');
  const [bare] = read(
    "SELECT 1 FROM samples WHERE local_path <> '' AND (typeof(file_hash) <> 'text' OR file_hash = '') LIMIT 1",
  );
  if (indexes.length === 0 || bare !== undefined) return 'none';
  return indexes.includes(1) ? 'unique' : 'repeated';
}

/** Returns whether beets stores the path of an item below its directory, as it does from 2.10 on. */
export const hasRelativePaths = (read: Reader): boolean =>
  read(`SELECT 1 FROM items WHERE CAST(path AS TEXT) <> '' AND substr(CAST(path AS TEXT), 1, 1) NOT IN ('/', '\\')
    AND substr(CAST(path AS TEXT), 2, 1) <> ':' LIMIT 1`).length > 0;

/** Returns the names of the attributes that items of beets have besides their columns, in order of name. */
export const attributesOf = (read: Reader): string[] =>
  read('SELECT DISTINCT key FROM item_attributes WHERE key IS NOT NULL ORDER BY key').map(String);
