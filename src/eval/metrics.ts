import { seeded } from '../seeded-random.js';

/** Number of places of a ranking that count. */
export const DEPTH = 10;

/** Grades by id; a missing id has grade 0. */
export type Grades = ReadonlyMap<string, number>;

const gain = (grade: number, place: number): number => (2 ** grade - 1) / Math.log2(place + 2);

/**
 * Returns the normalised discounted cumulative gain of the first ten, 0 to 1: how near a ranking is to the best one
 * that the grades allow. Null when no grade is above 0, so that there is nothing to find. Source: Järvelin and
 * Kekäläinen, Cumulated gain-based evaluation of IR techniques, 2002; gains 2^grade − 1.
 */
export function ndcg(ranking: readonly string[], grades: Grades): number | null {
  const best = [...grades.values()].sort((a, b) => b - a).slice(0, DEPTH);
  const ideal = best.reduce((sum, grade, place) => sum + gain(grade, place), 0);
  if (ideal === 0) return null;
  const got = ranking.slice(0, DEPTH).reduce((sum, id, place) => sum + gain(grades.get(id) ?? 0, place), 0);
  return got / ideal;
}

/**
 * Turns a ranking into grades: 3 for its first three, 2 for the next three, 1 for the rest of the first ten. With
 * `ndcg` they show how far another ranking agrees with it, but not which of the two is better.
 */
export const gradesOfRanking = (ranking: readonly string[]): Grades =>
  new Map(ranking.slice(0, DEPTH).map((id, place) => [id, place < 3 ? 3 : place < 6 ? 2 : 1]));

/** Returns the share of the ids graded above 0, or of ten of them, that is in the first ten. Null: no such id. */
export function recall(ranking: readonly string[], grades: Grades): number | null {
  const relevant = [...grades].filter(([, grade]) => grade > 0).map(([id]) => id);
  if (relevant.length === 0) return null;
  const first = new Set(ranking.slice(0, DEPTH));
  return relevant.filter((id) => first.has(id)).length / Math.min(DEPTH, relevant.length);
}

/** Returns the share of the first ten that two rankings have in common, in any order. */
export function overlap(a: readonly string[], b: readonly string[]): number {
  const first = new Set(a.slice(0, DEPTH));
  const count = Math.min(DEPTH, a.length);
  return count === 0 ? 1 : b.slice(0, DEPTH).filter((id) => first.has(id)).length / count;
}

export interface Mean {
  mean: number;
  /** Lower end of the 95 % confidence interval; `high` is its upper end. */
  low: number;
  high: number;
  /** Number of values. */
  count: number;
}

const RESAMPLES = 2000;

/** Returns the mean and its 95 % confidence interval, by percentile bootstrap with a fixed seed. Null: no value. */
export function meanOf(values: readonly number[]): Mean | null {
  if (values.length === 0) return null;
  const random = seeded(1);
  const average = (some: readonly number[]): number => some.reduce((sum, x) => sum + x, 0) / some.length;
  const means = Array.from({ length: RESAMPLES }, () =>
    average(values.map(() => random.pick(values as number[]))),
  ).sort((a, b) => a - b);
  const at = (share: number): number => means[Math.round(share * (RESAMPLES - 1))] as number;
  return { mean: average(values), low: at(0.025), high: at(0.975), count: values.length };
}
