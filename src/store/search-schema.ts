/**
 * What search reads, kept in step with the vectors by the database itself: whoever writes a row, in whichever
 * transaction, its signature and its words change with it.
 *
 * `sample_signatures`: one bit a dimension, the sign; NULL where what is stored is no vector. A row here says that its
 * words are in `sample_texts` too. Rows that were stored before these tables were made are entered by
 * `enterMissing`, which is why each trigger asks first: FTS5 must never be told to forget what it was not told.
 *
 * `sample_texts`: the words of the source texts, by FTS5, stemmed; the texts themselves stay where they are.
 *
 * `query_embeddings`: what was asked for, so that the same query is bought once.
 */
const KNOWN = 'EXISTS (SELECT 1 FROM sample_signatures WHERE sample_id = old.sample_id)';
const FORGET = `INSERT INTO sample_texts (sample_texts, rowid, embedding_source)
    SELECT 'delete', old.sample_id, old.embedding_source WHERE ${KNOWN};`;

/** One bit a dimension; NULL where the bytes are no float32 numbers. */
export const signatureOf = (vector: string): string =>
  `CASE WHEN length(${vector}) > 0 AND length(${vector}) % 4 = 0 THEN vector1bit(${vector}) END`;

const ENTER = `INSERT INTO sample_texts (rowid, embedding_source) VALUES (new.sample_id, new.embedding_source);
    INSERT OR REPLACE INTO sample_signatures VALUES (new.sample_id, ${signatureOf('new.vibe_vector')});`;

export const SEARCH_SCHEMA: readonly string[] = [
  'CREATE TABLE sample_signatures (sample_id INTEGER PRIMARY KEY, bits BLOB)',
  `CREATE VIRTUAL TABLE sample_texts USING fts5(embedding_source, content = 'sample_embeddings',
    content_rowid = 'sample_id', tokenize = 'porter unicode61 remove_diacritics 2')`,
  `CREATE TRIGGER sample_search_insert AFTER INSERT ON sample_embeddings BEGIN
    ${ENTER}
  END`,
  `CREATE TRIGGER sample_search_update AFTER UPDATE OF vibe_vector, embedding_source ON sample_embeddings BEGIN
    ${FORGET}
    ${ENTER}
  END`,
  // Before: FTS5 needs the row's own text to forget it.
  `CREATE TRIGGER sample_search_delete AFTER DELETE ON sample_embeddings BEGIN
    ${FORGET}
    DELETE FROM sample_signatures WHERE sample_id = old.sample_id;
  END`,
  `CREATE TABLE query_embeddings (
    query_hash TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    vector BLOB NOT NULL,
    created_at TEXT NOT NULL
  )`,
];
