import { Database } from '../../../sqlite.js';

/**
 * How the hashes of Splice's samples can serve as ids. `unique`: each occurs once. `repeated`: they are indexed, but
 * one may occur twice. `none`: a sample has no hash, or there is no index, so that each page of a large library would
 * read all of it.
 */
export type Hashes = 'unique' | 'repeated' | 'none';

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

export function hashesOf(read: Reader): Hashes {
  const indexes = read(`SELECT "unique" FROM pragma_index_list('samples') AS list WHERE partial = 0
    AND (SELECT lower(name) FROM pragma_index_info(list.name) WHERE seqno = 0) = 'file_hash'
    AND (SELECT count(*) FROM pragma_index_info(list.name)) = 1`);
  const [bare] = read(
    "SELECT 1 FROM samples WHERE local_path <> '' AND (typeof(file_hash) <> 'text' OR file_hash = '') LIMIT 1",
  );
  if (indexes.length === 0 || bare !== undefined) return 'none';
  return indexes.includes(1) ? 'unique' : 'repeated';
}

/** Returns the names of the attributes that items of beets have besides their columns, in order of name. */
export const attributesOf = (read: Reader): string[] =>
  read('SELECT DISTINCT key FROM item_attributes WHERE key IS NOT NULL ORDER BY key').map(String);
