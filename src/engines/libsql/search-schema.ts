/**
 * What search reads, beside the vectors.
 *
 * `sample_signatures`: one bit a dimension, the sign; NULL where what is stored is no vector. A row here says that its
 * words are in `sample_texts` too.
 *
 * `sample_texts`: the words of the source texts, by FTS5, stemmed; the texts themselves stay where they are.
 *
 * `query_embeddings`: what was asked for, so that the same query is bought once.
 *
 * Whoever changes or deletes a row, with whichever SQLite, the triggers take it out of both; FTS5 must only be told to
 * forget what it was told, so they ask first. Who writes vectors enters them in the same transaction
 * (`enterStatements`); rows of others are entered by the next search. The triggers use nothing that only libSQL has.
 *
 * search-words-schema.ts has what `sample_texts` and the triggers have become since.
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
