/** As in FTS5's bm25(). */
const K1 = 1.2;
const B = 0.75;
const LEAST_IDF = 1e-6;

/** What a phrase gives a text of `l` tokens that holds it `n` times: n × most / (n + least + each × l). */
export interface Bm25 {
  most: number;
  least: number;
  each: number;
}

/** BM25 of a phrase that `holding` of the texts hold, as FTS5 has it. `tokens`: of all texts. */
export function bm25Of({ texts, tokens, holding }: { texts: number; tokens: number; holding: number }): Bm25 {
  const idf = Math.max(Math.log((texts - holding + 0.5) / (holding + 0.5)), 0) || LEAST_IDF;
  return { most: idf * (K1 + 1), least: K1 * (1 - B), each: (K1 * B * texts) / tokens };
}

/** How many times a text of `length` tokens holds a phrase, by what it gives that text. */
export const timesOf = ({ most, least, each }: Bm25, score: number, length: number): number =>
  Math.max(1, Math.round((score * (least + each * length)) / (most - score)));
