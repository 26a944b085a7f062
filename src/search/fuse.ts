import type { Term } from './terms.js';

/** A sample found by words, with its BM25; higher is better. */
export interface TextHit {
  sampleId: number;
  bm25: number;
}

export interface Ranked {
  sampleId: number;
  /** The value that hits are ordered by, 0 to 1 within this query. */
  score: number;
}

/**
 * Limits of coverage. Below the first, words match by chance and meaning alone decides. Above the second, the texts
 * hold what was asked for and words decide. Tuned with the judged queries of test/search/quality.test.ts, and with a
 * real small model on the demo catalog.
 */
const ALONE = [0.55, 0.85] as const;
/** The lower limits that apply when the texts found by words are also near in meaning. */
const AGREED = [0.15, 0.6] as const;
/** Standard deviations at which agreement begins, and at which it is full. Ten texts found by chance have less. */
const CHANCE = 0.4;
const CERTAIN = 1;
/** Weight left to meaning when words decide: it orders texts in which the words match equally well. */
const TIE = 0.05;
/** How many of the best texts are checked for how much of the query they hold. */
export const JUDGED = 10;

/** Texts with nearly all words that occur in any text, and with about two words or more, do not match by chance. */
const SEEN_ENOUGH = 0.8;
const AT_ONCE = 1.9;
/** In that case a word that no text has counts only this much against them ("for the evening"). */
const UNSEEN = 0.1;

/**
 * Returns how much of the query's information the best texts hold, 0 to 1. `matches[i]`: the samples that hold the i-th
 * term. It is the mean over the judged texts: a single title that holds the words by chance is no evidence.
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
 * Returns how much nearer to the query the texts found by words are than the background samples, in standard deviations
 * of the background; about 0 when words match by chance. Both arguments are similarities.
 */
export function agreement(found: readonly number[], background: readonly number[]): number {
  if (found.length === 0 || background.length < 2) return 0;
  const mean = (of: readonly number[]): number => of.reduce((sum, value) => sum + value, 0) / of.length;
  const usual = mean(background);
  const deviation = Math.sqrt(mean(background.map((value) => (value - usual) ** 2)));
  return deviation === 0 ? 0 : (mean(found) - usual) / deviation;
}

/** Returns the weight of words in the ranking, 0 to 1. */
export function wordWeight(covered: number, agreed: number): number {
  const trust = smooth(agreed, CHANCE, CERTAIN);
  const between = (index: 0 | 1): number => ALONE[index] + trust * (AGREED[index] - ALONE[index]);
  return smooth(covered, between(0), between(1)) * (1 - TIE);
}

/** Smoothstep: 0 up to `from`, 1 from `to` on. */
function smooth(value: number, from: number, to: number): number {
  const x = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return x * x * (3 - 2 * x);
}

/**
 * Merges the rankings by words and by meaning, best first. `similarities` holds every sample found by either. Scores of
 * each side are scaled to 0–1 within the query before they are weighted.
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
