/**
 * The tables of one generation. Other programs read `sample_embeddings`, so the active generation's vectors have that
 * name, and its failures `embedding_failures`; the names of other generations' tables end with their number. Tables
 * that only search reads keep their name when a generation becomes active. The first generation's have no number: older
 * versions made them.
 */
export interface GenerationTables {
  number: number;
  vectors: string;
  failures: string;
  signatures: string;
  words: string;
  /** A view of texts and words, which `texts`, of FTS5, indexes. */
  search: string;
  texts: string;
  /** The vectors of every other generation. */
  others: readonly string[];
}

/** Which generations exist; the table names follow from it. */
export interface GenerationLayout {
  active: number;
  /** All of them, the active one included. */
  numbers: readonly number[];
}

/** The generations of a store that has only ever had one. */
export const FIRST: GenerationLayout = { active: 1, numbers: [1] };

export const vectorsTable = (number: number, active: number): string =>
  number === active ? 'sample_embeddings' : inactiveName('sample_embeddings', number);
export const failuresTable = (number: number, active: number): string =>
  number === active ? 'embedding_failures' : inactiveName('embedding_failures', number);
/** Returns the name of an inactive generation's table. */
export const inactiveName = (table: 'sample_embeddings' | 'embedding_failures', number: number): string =>
  `${table}_g${number}`;

export function tablesOf(number: number, { active, numbers }: GenerationLayout): GenerationTables {
  const own = (name: string): string => (number === 1 ? name : `${name}_${number}`);
  return {
    number,
    vectors: vectorsTable(number, active),
    failures: failuresTable(number, active),
    signatures: own('sample_signatures'),
    words: own('sample_words'),
    search: own('sample_search'),
    texts: own('sample_texts'),
    others: numbers.filter((other) => other !== number).map((other) => vectorsTable(other, active)),
  };
}
