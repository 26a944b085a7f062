import { fold, jointsOf, pairsOf, wordsOf } from '../engines/libsql/search-words.js';

/** Words that say nothing of a sample; they count only where a query has no others. */
const EMPTY = new Set(
  (
    'a am an and any are as at be been but by can could do does for from get give has have how i if in into is it its ' +
    'just like look looking me my need no not of on or our please really should show so some something such than that ' +
    'the their them then there these they thing this to up us very want was we were what when where which who will ' +
    'with would you your'
  ).split(' '),
);
/** What everything here is, or is for: said by many a query and by few texts. They count where some text has them. */
const FILLERS = new Set(
  (
    'audio beat beats clip clips feel feeling find kind loop loops music musical piece project recording sample samples ' +
    'song songs sound sounding sounds track tracks tune tunes type use vibe vibes video videos'
  ).split(' '),
);
/** And then little: a text that has such a word is no nearer to what is meant. */
const FILLER = 0.1;
const MAX_TERMS = 32;

/** A word that is looked for. */
export interface QueryTerm {
  term: string;
  /** What FTS5 is asked for: every way in which a text may hold it. */
  expression: string;
}

/** The words of a query: each once, in order, at most 32. Whatever is no letter or digit parts them. */
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

/** A word of a script with blanks: as it stands, folded, and cut at its joints. */
const word = (text: string): string => {
  const joints = jointsOf(text);
  const parts = joints.length > 1 ? [phrase(fold(joints.join(' ')))] : [];
  return either([phrase(text.toLowerCase()), phrase(fold(text)), ...parts]);
};

/** A part of a run without blanks: as the pairs of its letters, and as a word of its own. */
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

/** In quotes, so that nothing in it is syntax. */
const phrase = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** How much a word tells: ln(1 + (N − n + ½) / (n + ½)), N texts of which n have it. */
const idf = (texts: number, having: number): number => Math.log(1 + (texts - having + 0.5) / (having + 0.5));

export interface Term extends QueryTerm {
  /** How much it tells, in nats. */
  information: number;
  /** Whether some text has it. */
  seen: boolean;
}

/** `having[i]`: how many of the `texts` have the i-th word. A filler that no text has is left out. */
export const weighed = (terms: readonly QueryTerm[], having: readonly number[], texts: number): Term[] =>
  terms
    .map((each, index) => ({
      ...each,
      seen: (having[index] ?? 0) > 0,
      information: idf(texts, having[index] ?? 0) * (FILLERS.has(each.term) && terms.length > 1 ? FILLER : 1),
    }))
    .filter(({ term, seen }, _, all) => seen || !FILLERS.has(term) || all.length === 1);
