import type { Store } from '../engines/store.js';
import { kindName, vectorBytes } from '../engines/vector-form.js';
import type { QueryModel } from './query-vector.js';
import { SearchFault } from './search-fault.js';

type LookedAt = Pick<Store, 'searchable' | 'enterMissing' | 'hasVectorsOf' | 'vectorKinds'>;

interface Looks {
  /** Rows that the last completed look found. */
  rows: number;
  /** `performance.now()` of the last look. */
  at: number;
  again: Promise<unknown> | null;
  /** Kinds of vectors that are known to be stored. */
  kinds: Set<string>;
}

const ENTERED_AT_ONCE = 1000;
/** Milliseconds after which an open store is checked again in the background. */
const LOOK_AGAIN_MS = 5000;

/** One entry for each open store. */
const looks = new WeakMap<LookedAt, Looks>();

interface LookOptions {
  /** Null: no vectors are needed. */
  model: QueryModel | null;
  /** Number of samples in an index in memory, which spares the first search the count; null: there is no index. */
  counted?: number | null;
  /** Called with progress while rows stored by older versions are indexed. */
  progress?: (done: number, total: number) => void;
}

/**
 * Prepares the store for searching: creates missing tables and indexes rows that search does not know yet. This is done
 * once for each open store, and later repeated in the background.
 * @returns how many rows it holds. Faults: it holds none, or none of this model.
 */
export async function lookAtStore(
  store: LookedAt,
  { model, counted = null, progress }: LookOptions,
): Promise<number> {
  let known = looks.get(store);
  if (known === undefined) {
    const rows = counted || (await enterAll(store, progress));
    if (rows === 0)
      throw new SearchFault(
        'nothing-stored',
        'there is nothing to search yet: the store holds no vectors; embed them with embeddings --all',
      );
    known = { rows, at: performance.now(), again: null, kinds: new Set() };
    looks.set(store, known);
  }
  if (performance.now() - known.at > LOOK_AGAIN_MS) known.again ??= lookAgain(store, known);
  if (model !== null) await checkKind(store, model, known.kinds);
  return known.rows;
}

async function lookAgain(store: LookedAt, known: Looks): Promise<void> {
  try {
    known.rows = (await enterAll(store, undefined)) || known.rows;
  } catch {
    // The next search throws the same error.
  } finally {
    known.at = performance.now();
    known.again = null;
  }
}

async function enterAll(store: LookedAt, progress: LookOptions['progress']): Promise<number> {
  const { rows, missing } = await store.searchable();
  let done = 0;
  for (let after: number | null = null; missing > 0; ) {
    after = await store.enterMissing(after, ENTERED_AT_ONCE);
    if (after === null) break;
    done += ENTERED_AT_ONCE;
    progress?.(Math.min(done, missing), missing);
  }
  return rows;
}

async function checkKind(store: LookedAt, { model, stored }: QueryModel, seen: Set<string>): Promise<void> {
  const kind = `${stored.dimensions} ${stored.form} ${model}`;
  if (seen.has(kind)) return;
  if (!(await store.hasVectorsOf(model, vectorBytes(stored.dimensions, stored.form))))
    throw await otherModel(store, { model, dimensions: stored.dimensions });
  seen.add(kind);
}

async function otherModel(
  store: LookedAt,
  { model, dimensions }: Pick<QueryModel, 'model' | 'dimensions'>,
): Promise<Error> {
  const kinds = (await store.vectorKinds()).map(kindName);
  return new SearchFault(
    'other-model',
    `the stored vectors are of ${kinds.join(', ')}; EMBEDDING_MODEL and EMBEDDING_DIMENSIONS say ${model} with ${dimensions}: set them to what is stored, or embed anew with embeddings --all`,
  );
}
