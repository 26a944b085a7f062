import type { Term } from './terms.js';

/** A sample found by words: its BM25, higher is better. */
export interface TextHit {
  sampleId: number;
  bm25: number;
}

export interface Ranked {
  sampleId: number;
  /** What it is ranked by, 0 to 1 within this query. */
  score: number;
}

/**
 * Below the first share the words that match are chance, and meaning alone decides; above the second the texts say what
 * was asked for, and words decide. Steered by the judged queries of test/search/quality.test.ts, and by a real small
 * model on the demo catalog.
 */
const ALONE = [0.55, 0.85] as const;
/** Where the texts that words find are near in meaning too, fewer words are enough. */
const AGREED = [0.15, 0.6] as const;
/** From so many standard deviations on it begins to be agreement, and is it wholly: ten texts by chance have less. */
const CHANCE = 0.4;
const CERTAIN = 1;
/** Of words that decide alone: meaning tells apart the texts in which they match as well. */
const TIE = 0.05;
/** How many of the best texts are asked how much of the query they hold. */
export const JUDGED = 10;

/** Texts that hold all that any text can hold, and two words or more at once, are no chance: */
const SEEN_ENOUGH = 0.8;
const AT_ONCE = 1.9;
/** a word that no text has then says little against them ("for the evening"). */
const UNSEEN = 0.1;

/**
 * How much of the query's information the words of the best texts really match, 0 to 1. `matches[i]`: which samples
 * hold the i-th term. Of the judged texts, as the mean: one title that happens to hold the words is no evidence.
 */
export function coverage(
  terms: readonly Term[],
  best: readonly TextHit[],
  matches: readonly ReadonlySet<number>[],
): number {
  if (best.length === 0) return 0;
  const sum = (some: readonly Term[]): number => some.reduce((all, { information }) => all + information, 0);
  const held = best.map(({ sampleId }) => terms.filter((_, index) => matches[index]?.has(sampleId)));
  const mean = (of: (some: readonly Term[]) => number): number =>
    held.reduce((all, some) => all + of(some), 0) / best.length;
  const information = mean(sum);
  const seen = sum(terms.filter((term) => term.seen));
  const unseen = sum(terms) - seen;
  if (information === 0) return 0;
  const together = mean((some) => some.length) >= AT_ONCE && information >= SEEN_ENOUGH * seen;
  return information / (seen + (together ? UNSEEN * unseen : unseen));
}

/**
 * How much nearer to the query the texts that words find are than any sample is, in standard deviations of the latter;
 * about 0 where words match by chance. Both in similarities.
 */
export function agreement(found: readonly number[], background: readonly number[]): number {
  if (found.length === 0 || background.length < 2) return 0;
  const mean = (of: readonly number[]): number => of.reduce((sum, value) => sum + value, 0) / of.length;
  const usual = mean(background);
  const deviation = Math.sqrt(mean(background.map((value) => (value - usual) ** 2)));
  return deviation === 0 ? 0 : (mean(found) - usual) / deviation;
}

/** How loudly words vote, 0 to 1. */
export function wordWeight(covered: number, agreed: number): number {
  const trust = smooth(agreed, CHANCE, CERTAIN);
  const between = (index: 0 | 1): number => ALONE[index] + trust * (AGREED[index] - ALONE[index]);
  return smooth(covered, between(0), between(1)) * (1 - TIE);
}

/** 0 up to `from`, 1 from `to` on, without a bend between. */
function smooth(value: number, from: number, to: number): number {
  const x = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return x * x * (3 - 2 * x);
}

/**
 * Words and meaning as one ranking, best first. `similarities` holds every sample that either found; each side is
 * scaled to 0–1 within the query before it votes.
 */
export function fuse(
  hits: readonly TextHit[],
  similarities: ReadonlyMap<number, number>,
  weight: number,
): Ranked[] {
  const text = new Map(hits.map(({ sampleId, bm25 }) => [sampleId, bm25]));
  const most = Math.max(0, ...text.values());
  const byText = (id: number): number => (most === 0 ? 0 : Math.max(0, text.get(id) ?? 0) / most);
  const values = [...similarities.values()];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const byMeaning = (similarity: number): number => (high === low ? 0 : (similarity - low) / (high - low));
  return [...similarities]
    .map(([sampleId, similarity]) => ({
      sampleId,
      score: weight * byText(sampleId) + (1 - weight) * byMeaning(similarity),
    }))
    .sort((a, b) => b.score - a.score || a.sampleId - b.sampleId);
}
