import { fold, jointsOf, pairsOf, wordsOf } from '../engines/libsql/search-words.js';

/** Stop words; they count only if a query has no other words. */
const EMPTY = new Set(
  (
    'a am an and any are as at be been but by can could do does for from get give has have how i if in into is it its ' +
    'just like look looking me my need no not of on or our please really should show so some something such than that ' +
    'the their them then there these they thing this to up us very want was we were what when where which who will ' +
    'with would you your'
  ).split(' '),
);
/** Words that apply to every sample: frequent in queries, rare in texts. They count only if some text has them. */
const FILLERS = new Set(
  (
    'audio beat beats clip clips feel feeling find kind loop loops music musical piece project recording sample samples ' +
    'song songs sound sounding sounds track tracks tune tunes type use vibe vibes video videos'
  ).split(' '),
);
/** Weight of a filler: a text with such a word is hardly more relevant. */
const FILLER = 0.1;
const MAX_TERMS = 32;

/** A word to search for. */
export interface QueryTerm {
  term: string;
  /** The FTS5 expression: every form in which a text may hold the word. */
  expression: string;
}

/** Returns the words of a query: each once, in order, at most 32. Only letters and digits are part of a word. */
export function termsOf(query: string): QueryTerm[] {
  const all = new Map<string, QueryTerm>();
  for (const { text, unspaced } of wordsOf(query).flat()) {
    const term = fold(text);
    if (!all.has(term)) all.set(term, { term, expression: unspaced ? run(text) : word(text) });
  }
  const terms = [...all.values()];
  const telling = terms.filter(({ term }) => !EMPTY.has(term));
  return (telling.length > 0 ? telling : terms).slice(0, MAX_TERMS);
}

/** Matches a word of a script with blanks: as written, folded, and split at its joints. */
const word = (text: string): string => {
  const joints = jointsOf(text);
  const parts = joints.length > 1 ? [phrase(fold(joints.join(' ')))] : [];
  return either([phrase(text.toLowerCase()), phrase(fold(text)), ...parts]);
};

/** Matches a part of a text without blanks: as pairs of its letters, and as a whole word. */
function run(text: string): string {
  const pairs = pairsOf(text);
  const [only] = pairs;
  if (only === undefined) return phrase(text);
  return pairs.length === 1
    ? `${phrase(only)} *`
    : either([phrase(pairs.slice(0, -1).join(' ')), phrase(text)]);
}

const either = (phrases: readonly string[]): string => {
  const all = [...new Set(phrases)];
  return all.length === 1 ? all.join() : `(${all.join(' OR ')})`;
};

/** Quotes a text, so that FTS5 reads nothing in it as syntax. */
const phrase = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Inverse document frequency of a word: ln(1 + (N − n + ½) / (n + ½)), for N texts of which n have it. */
const idf = (texts: number, having: number): number => Math.log(1 + (texts - having + 0.5) / (having + 0.5));

export interface Term extends QueryTerm {
  /** Information of the word, in nats. */
  information: number;
  /** Whether some text has it. */
  seen: boolean;
}

/** Weights words. `having[i]`: how many of the `texts` have the i-th word. Fillers that no text has are left out. */
export const weighed = (terms: readonly QueryTerm[], having: readonly number[], texts: number): Term[] =>
  terms
    .map((each, index) => ({
      ...each,
      seen: (having[index] ?? 0) > 0,
      information: idf(texts, having[index] ?? 0) * (FILLERS.has(each.term) && terms.length > 1 ? FILLER : 1),
    }))
    .filter(({ term, seen }, _, all) => seen || !FILLERS.has(term) || all.length === 1);
