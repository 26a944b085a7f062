/** The constants of FTS5's bm25(). */
const K1 = 1.2;
const B = 0.75;
const LEAST_IDF = 1e-6;

/** Score of a phrase for a text of `l` tokens that holds it `n` times: n × most / (n + least + each × l). */
export interface Bm25 {
  most: number;
  least: number;
  each: number;
}

/** Returns the BM25 of a phrase that `holding` texts hold, equal to that of FTS5. `tokens`: total of all texts. */
export function bm25Of({ texts, tokens, holding }: { texts: number; tokens: number; holding: number }): Bm25 {
  const idf = Math.max(Math.log((texts - holding + 0.5) / (holding + 0.5)), 0) || LEAST_IDF;
  return { most: idf * (K1 + 1), least: K1 * (1 - B), each: (K1 * B * texts) / tokens };
}

/** Returns how many times a text of `length` tokens holds a phrase, computed from its score. */
export const timesOf = ({ most, least, each }: Bm25, score: number, length: number): number =>
  Math.max(1, Math.round((score * (least + each * length)) / (most - score)));
