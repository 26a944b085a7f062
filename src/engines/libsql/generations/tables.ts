/**
 * The tables of one generation. Other programs read `sample_embeddings`, so the active one's vectors have that name, and
 * its failures theirs; those of any other generation lie beside it under a name with its number. What only search reads
 * keeps its name, whichever is active. The first generation's have no number: it is what older versions made.
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

/** Which generations there are, as the tables are named now. */
export interface Standing {
  active: number;
  /** All of them, the active one included. */
  numbers: readonly number[];
}

/** Of a store that has only ever had one. */
export const FIRST: Standing = { active: 1, numbers: [1] };

export const vectorsTable = (number: number, active: number): string =>
  number === active ? 'sample_embeddings' : aside('sample_embeddings', number);
export const failuresTable = (number: number, active: number): string =>
  number === active ? 'embedding_failures' : aside('embedding_failures', number);
/** The name beside the active one. */
export const aside = (table: 'sample_embeddings' | 'embedding_failures', number: number): string =>
  `${table}_g${number}`;

export function tablesOf(number: number, { active, numbers }: Standing): GenerationTables {
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
