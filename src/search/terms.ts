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

/** The words of a query, as FTS5 finds them: each once, in order, at most 32. Whatever is no letter or digit parts them. */
export function termsOf(query: string): string[] {
  const words =
    query
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? [];
  const all = [...new Set(words)];
  const telling = all.filter((word) => !EMPTY.has(word));
  return (telling.length > 0 ? telling : all).slice(0, MAX_TERMS);
}

/** Each word as a phrase, so that nothing in it is syntax. */
export const phrase = (term: string): string => `"${term.replaceAll('"', '""')}"`;

/** How much a word tells: ln(1 + (N − n + ½) / (n + ½)), N texts of which n have it. */
const idf = (texts: number, having: number): number => Math.log(1 + (texts - having + 0.5) / (having + 0.5));

export interface Term {
  term: string;
  /** How much it tells, in nats. */
  information: number;
  /** Whether some text has it. */
  seen: boolean;
}

/** `having[i]`: how many of the `texts` have the i-th word. A filler that no text has is left out. */
export const weighed = (terms: readonly string[], having: readonly number[], texts: number): Term[] =>
  terms
    .map((term, index) => ({
      term,
      having: having[index] ?? 0,
      information: idf(texts, having[index] ?? 0) * (FILLERS.has(term) && terms.length > 1 ? FILLER : 1),
    }))
    .filter(({ term, having: n }, _, all) => n > 0 || !FILLERS.has(term) || all.length === 1)
    .map(({ term, information, having: n }) => ({ term, information, seen: n > 0 }));
