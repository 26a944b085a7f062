import type { InStatement } from '@libsql/client';
import { FIRST, type GenerationTables, tablesOf } from './generations/tables.js';
import { idList } from './rows.js';
import { noteEntries } from './search-entries.js';
import { hiddenWords } from './search-words.js';
import { IS_VECTOR } from './vector-form.js';

/**
 * `sample_words`: the words of a text that FTS5 would not find by itself; only texts with such words have a row. Text
 * and words are one document of `sample_texts`, whose content is the view.
 *
 * The next search enters every sample again: a sample without a row in `sample_signatures` is not in `sample_texts`.
 */
export const SEARCH_FORGETS = ({
  texts,
  words,
  signatures,
}: GenerationTables): string => `INSERT INTO ${texts} (${texts}, rowid, embedding_source, words)
      SELECT 'delete', old.sample_id, old.embedding_source,
        (SELECT words FROM ${words} WHERE sample_id = old.sample_id)
        WHERE EXISTS (SELECT 1 FROM ${signatures} WHERE sample_id = old.sample_id);
    DELETE FROM ${words} WHERE sample_id = old.sample_id;
    DELETE FROM ${signatures} WHERE sample_id = old.sample_id;`;
const FORGET = SEARCH_FORGETS(tablesOf(1, FIRST));

export const SEARCH_WORDS_SCHEMA: readonly string[] = [
  'DROP TRIGGER sample_search_update',
  'DROP TRIGGER sample_search_delete',
  'DROP TABLE sample_texts',
  'DELETE FROM sample_signatures',
  'CREATE TABLE sample_words (sample_id INTEGER PRIMARY KEY, words TEXT NOT NULL)',
  `CREATE VIEW sample_search AS SELECT sample_embeddings.sample_id, embedding_source, words
    FROM sample_embeddings LEFT JOIN sample_words ON sample_words.sample_id = sample_embeddings.sample_id`,
  `CREATE VIRTUAL TABLE sample_texts USING fts5(embedding_source, words, content = 'sample_search',
    content_rowid = 'sample_id', tokenize = 'porter unicode61 remove_diacritics 2')`,
  `CREATE TRIGGER sample_search_update AFTER UPDATE OF vibe_vector, embedding_source ON sample_embeddings BEGIN
    ${FORGET}
  END`,
  `CREATE TRIGGER sample_search_delete AFTER DELETE ON sample_embeddings BEGIN
    ${FORGET}
  END`,
];

/** A row whose text is known. */
export interface EnteredRow {
  sampleId: number;
  text: string | null;
}

/** Enters these rows into search, if they exist with that text and are not entered yet. */
export function enterStatements(rows: readonly EnteredRow[], tables: GenerationTables): InStatement[] {
  if (rows.length === 0) return [];
  const ids = idList(rows.map((row) => row.sampleId));
  const { vectors, signatures, search, texts } = tables;
  const unknown = (table: string): string =>
    `NOT EXISTS (SELECT 1 FROM ${signatures} AS known WHERE known.sample_id = ${table}.sample_id)`;
  const worded = rows.flatMap(({ sampleId, text }) => {
    const words = text === null ? '' : hiddenWords(text);
    return words === '' ? [] : [[sampleId, text, words]];
  });
  const words: InStatement = {
    sql: `INSERT OR REPLACE INTO ${tables.words} SELECT sample_id, json_extract(value, '$[2]')
      FROM json_each(?) JOIN ${vectors} ON sample_id = json_extract(value, '$[0]')
      WHERE embedding_source = json_extract(value, '$[1]') AND ${unknown(vectors)}`,
    args: [JSON.stringify(worded)],
  };
  return [
    ...(worded.length > 0 ? [words] : []),
    `INSERT INTO ${texts} (rowid, embedding_source, words) SELECT sample_id, embedding_source, words
      FROM ${search} WHERE sample_id IN (${ids}) AND ${unknown(search)}`,
    `INSERT INTO ${signatures} SELECT sample_id,
      CASE WHEN length(vibe_vector) > 0 AND ${IS_VECTOR} THEN vector1bit(vibe_vector) END
      FROM ${vectors} WHERE sample_id IN (${ids}) AND ${unknown(vectors)}`,
    ...noteEntries(
      rows.map((row) => row.sampleId),
      tables,
    ),
  ];
}
