import type { PlannedGeneration } from '../contract/generation.js';
import type { Store } from '../engines/store.js';
import { readVector, storedForm, writeVector } from '../engines/vector-form.js';
import type { JudgedQuery } from './judged-file.js';
import { gradesOfRanking, type Mean, meanOf, ndcg, overlap } from './metrics.js';
import { nearestTen, type Points, unit, unitPoints } from './neighbours.js';

/** Number of samples whose neighbours are compared. */
const ASKED = 200;

export interface Comparison {
  /** Samples with a vector in both generations. */
  samples: number;
  /** Common share of a sample's nearest ten, 0 to 1. */
  neighbours: Mean | null;
  /** Common share of a query's first ten, 0 to 1. Null: no query. */
  queries: Mean | null;
  /** nDCG@10 of queries without judgements, with the active one's ranking as the ideal: agreement. Null: no query. */
  agreement: Mean | null;
  /** nDCG@10 of judged queries, among these samples; null: none is judged. */
  ndcg: { active: Mean | null; other: Mean | null } | null;
}

/** Returns a query's vectors for both generations, as they were bought. */
export type QueryVectors = (query: string) => Promise<{ active: Uint8Array; other: Uint8Array }>;

/** Compares two sets of vectors of the same samples; each query and each sample is compared with all of them. */
export async function compareGenerations(
  points: { active: Points; other: Points },
  {
    queries,
    judged,
    vectorsOf,
    activeIs,
    otherIs,
  }: {
    queries: readonly string[];
    judged: readonly JudgedQuery[];
    vectorsOf: QueryVectors;
    activeIs: PlannedGeneration;
    otherIs: PlannedGeneration;
  },
): Promise<Comparison> {
  const ids = [...points.active.keys()].filter((id) => points.other.has(id));
  const both = {
    active: new Map(ids.map((id) => [id, points.active.get(id) as Float32Array])),
    other: new Map(ids.map((id) => [id, points.other.get(id) as Float32Array])),
  };
  const step = Math.max(1, Math.floor(ids.length / ASKED));
  const neighbours = ids
    .filter((_, at) => at % step === 0)
    .slice(0, ASKED)
    .map((id) =>
      overlap(
        nearestTen(both.active, both.active.get(id) as Float32Array, id),
        nearestTen(both.other, both.other.get(id) as Float32Array, id),
      ),
    );
  const rank = async (query: string) => {
    const { active, other } = await vectorsOf(query);
    const inForm = (bytes: Uint8Array, is: PlannedGeneration) => unit(readVector(storedForm(bytes, is)));
    return {
      active: nearestTen(both.active, inForm(active, activeIs)),
      other: nearestTen(both.other, inForm(other, otherIs)),
    };
  };
  const shared: number[] = [];
  const agreed: number[] = [];
  for (const query of queries) {
    const { active, other } = await rank(query);
    shared.push(overlap(active, other));
    const agrees = judged.some((one) => one.query === query) ? null : ndcg(other, gradesOfRanking(active));
    if (agrees !== null) agreed.push(agrees);
  }
  const graded = { active: [] as number[], other: [] as number[] };
  for (const { query, grades } of judged) {
    const among = new Map([...grades].filter(([id]) => both.active.has(Number(id))));
    const ranked = await rank(query);
    for (const which of ['active', 'other'] as const) {
      const value = ndcg(ranked[which], among);
      if (value !== null) graded[which].push(value);
    }
  }
  return {
    samples: ids.length,
    neighbours: meanOf(neighbours),
    queries: meanOf(shared),
    agreement: meanOf(agreed),
    ndcg: judged.length === 0 ? null : { active: meanOf(graded.active), other: meanOf(graded.other) },
  };
}

/** Reads the stored vectors of these samples, each scaled to length 1. */
export async function pointsOf(
  store: Store,
  { number, recipe, dimensions }: PlannedGeneration,
  ids: readonly number[],
): Promise<Map<number, Float32Array>> {
  return unitPoints(await store.of(number).vectorsOf(ids, { model: recipe.model, dimensions }));
}

/** Returns the vectors in the form of another generation. */
export const derivedPoints = (points: Points, is: PlannedGeneration): Map<number, Float32Array> =>
  unitPoints(
    [...points].map(([id, vector]) => [id, readVector(storedForm(writeVector(vector, 'float32'), is))]),
  );

/** Returns ids of stored samples, evenly spread over all of them. */
export async function spreadIds(
  store: Pick<Store, 'vectorIds' | 'countVectors'>,
  count: number,
): Promise<number[]> {
  const step = Math.max(1, Math.floor((await store.countVectors()) / count));
  const found: number[] = [];
  let seen = 0;
  for (let after: number | null = null; ; ) {
    const ids = await store.vectorIds({ after, limit: PAGE });
    for (const id of ids) if (seen++ % step === 0 && found.length < count) found.push(id);
    if (ids.length < PAGE) return found;
    after = ids.at(-1) ?? null;
  }
}

const PAGE = 10_000;
