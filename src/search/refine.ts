import type { Store } from '../engines/store.js';
import { chooseDiverse } from './diverse.js';
import { groupDuplicates } from './fold.js';
import { numbersOf } from './numbers-of.js';
import type { QueryModel } from './query-vector.js';
import type { SampleHit } from './sample-hit.js';

export interface Refinement {
  limit: number;
  /** Moves near-duplicates of a better hit into its `also`. */
  fold?: boolean;
  /** Prefers hits that differ from those already chosen. */
  diverse?: boolean;
}

interface RefineParts {
  store: Pick<Store, 'vectorsOf' | 'textsOf' | 'knownNumbers'>;
  model: Pick<QueryModel, 'model' | 'stored'>;
}

const MOST = 1000;
/** Hits searched for each hit that is shown. */
const POOL = 5;
const LEAST = 60;

/** Returns how many hits to search for, so that `refineHits` can choose. */
export const poolFor = ({ limit, fold = false, diverse = false }: Refinement): number =>
  fold || diverse ? Math.min(MOST, Math.max(LEAST, POOL * limit)) : limit;

/** Folds near-duplicates, chooses the hits to show and ranks them again. */
export async function refineHits(
  { store, model }: RefineParts,
  hits: readonly SampleHit[],
  { limit, fold = false, diverse = false }: Refinement,
): Promise<SampleHit[]> {
  if (!fold && !diverse) return hits.slice(0, limit);
  const numbers = await numbersOf(store, hits);
  const ids = [...numbers.values()];
  let refined = [...hits];
  if (fold) {
    const texts = await store.textsOf(ids);
    const groups = groupDuplicates(refined, (hit) => ({
      text: texts.get(numbers.get(hit.sample_id) ?? -1)?.text ?? null,
      duration: hit.duration,
    }));
    refined = groups.map(([best, ...others]) => withAlso(best as SampleHit, others));
  }
  if (diverse) {
    const vectors = await store.vectorsOf(ids, { model: model.model, dimensions: model.stored.dimensions });
    refined = chooseDiverse(refined, limit, (hit) => ({
      score: hit.score,
      vector: vectors.get(numbers.get(hit.sample_id) ?? -1) ?? null,
    }));
  }
  return refined.slice(0, limit).map((hit, at) => ({ ...hit, rank: at + 1 }));
}

const withAlso = (hit: SampleHit, others: readonly SampleHit[]): SampleHit =>
  others.length === 0 ? hit : { ...hit, also: others.map(({ sample_id }) => sample_id) };
