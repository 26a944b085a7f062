/**
 * What search reads, beside the vectors.
 *
 * `sample_signatures`: one bit a dimension, its sign; NULL if the stored value is not a vector. A row here means that
 * the sample's words are in `sample_texts` too.
 *
 * `sample_texts`: the FTS5 index of the source texts, stemmed; the texts themselves are not copied.
 *
 * `query_embeddings`: vectors of queries, so that the same query is bought once.
 *
 * When any program changes or deletes a row, the triggers remove it from both tables. They use nothing that only libSQL
 * has, so they run in any SQLite. FTS5 must only forget what it holds, so they check `sample_signatures` first. This
 * program enters its vectors in the transaction that writes them (`enterStatements`); the next search enters rows of
 * other programs.
 *
 * search-words-schema.ts replaces `sample_texts` and the triggers.
 */
const KNOWN = 'EXISTS (SELECT 1 FROM sample_signatures WHERE sample_id = old.sample_id)';
const FORGET = `INSERT INTO sample_texts (sample_texts, rowid, embedding_source)
      SELECT 'delete', old.sample_id, old.embedding_source WHERE ${KNOWN};
    DELETE FROM sample_signatures WHERE sample_id = old.sample_id;`;

export const SEARCH_SCHEMA: readonly string[] = [
  'CREATE TABLE sample_signatures (sample_id INTEGER PRIMARY KEY, bits BLOB)',
  `CREATE VIRTUAL TABLE sample_texts USING fts5(embedding_source, content = 'sample_embeddings',
    content_rowid = 'sample_id', tokenize = 'porter unicode61 remove_diacritics 2')`,
  `CREATE TRIGGER sample_search_update AFTER UPDATE OF vibe_vector, embedding_source ON sample_embeddings BEGIN
    ${FORGET}
  END`,
  `CREATE TRIGGER sample_search_delete AFTER DELETE ON sample_embeddings BEGIN
    ${FORGET}
  END`,
  `CREATE TABLE query_embeddings (
    query_hash TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    vector BLOB NOT NULL,
    created_at TEXT NOT NULL
  )`,
];
