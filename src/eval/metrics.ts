import { seeded } from '../seeded-random.js';

/** How many places of a ranking are looked at. */
export const DEPTH = 10;

/** Grades by id; what is not in it has grade 0. */
export type Grades = ReadonlyMap<string, number>;

const gain = (grade: number, place: number): number => (2 ** grade - 1) / Math.log2(place + 2);

/**
 * Normalised discounted cumulative gain of the first ten, 0 to 1: how near a ranking comes to the best one that the grades
 * allow. Null: no grade is above 0, so there is nothing to find.
 * Source: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, 2002; gains 2^grade − 1.
 */
export function ndcg(ranking: readonly string[], grades: Grades): number | null {
  const best = [...grades.values()].sort((a, b) => b - a).slice(0, DEPTH);
  const ideal = best.reduce((sum, grade, place) => sum + gain(grade, place), 0);
  if (ideal === 0) return null;
  const got = ranking.slice(0, DEPTH).reduce((sum, id, place) => sum + gain(grades.get(id) ?? 0, place), 0);
  return got / ideal;
}

/**
 * A ranking taken for what was looked for: its first three have grade 3, the next three 2, the rest of the first ten 1. With
 * `ndcg` it tells how far another ranking agrees with it, which is no measure of which one is better.
 */
export const gradesOfRanking = (ranking: readonly string[]): Grades =>
  new Map(ranking.slice(0, DEPTH).map((id, place) => [id, place < 3 ? 3 : place < 6 ? 2 : 1]));

/** The share of what is graded above 0, or of ten of them, that is among the first ten. Null: nothing is. */
export function recall(ranking: readonly string[], grades: Grades): number | null {
  const relevant = [...grades].filter(([, grade]) => grade > 0).map(([id]) => id);
  if (relevant.length === 0) return null;
  const first = new Set(ranking.slice(0, DEPTH));
  return relevant.filter((id) => first.has(id)).length / Math.min(DEPTH, relevant.length);
}

/** The share of the first ten that two rankings have in common, whatever their order. */
export function overlap(a: readonly string[], b: readonly string[]): number {
  const first = new Set(a.slice(0, DEPTH));
  const count = Math.min(DEPTH, a.length);
  return count === 0 ? 1 : b.slice(0, DEPTH).filter((id) => first.has(id)).length / count;
}

export interface Mean {
  mean: number;
  /** The ends of the interval that holds the mean in 95 of 100 samples of as many values. */
  low: number;
  high: number;
  /** Values that it is of. */
  count: number;
}

const RESAMPLES = 2000;

/** The mean with its confidence interval of 95 %, by the bootstrap's percentiles; the same for the same values. Null: no value. */
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
