import { setTimeout as wait } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failure.js';
import type { CatalogMark, Library, RunPlan } from '../contract/plan.js';
import { isMarked, markCatalog } from '../domain/catalog-mark.js';
import { otherCollection } from '../domain/other-collection.js';
import { blockedFault } from '../fault.js';
import type { Dependencies } from './dependencies.js';

/** So long a catalog is believed to be the run's, in milliseconds. */
const BELIEVED_MS = 10_000;
/** So long a worker keeps what it may not do: others take the next one meanwhile. */
const HELD_MS = 500;

type Parts = Pick<Dependencies, 'catalog' | 'store' | 'library' | 'log'>;

/**
 * Gives the store to the collection and says which library this is; null where the worker was made without one.
 * Throws a Fault where the store is another collection's.
 */
export async function identify({ catalog, store, library }: Parts): Promise<Library | null> {
  if (library === undefined) return null;
  const owner = await store.claimFor(library.collection);
  if (owner !== library.collection) throw blockedFault(otherCollection(owner, library.collection));
  const identity = await store.identity();
  if (identity === null) return null;
  await library.serve(identity.id);
  return { store: identity.id, catalog: await markCatalog(catalog) };
}

/** Before anything else of preflight: fails where the client meant another catalog than this worker's. */
export async function refuseOtherLibrary(
  { catalog, library, log }: Omit<Parts, 'store'>,
  wanted: CatalogMark | undefined,
): Promise<void> {
  if (library === undefined || wanted === undefined || (await isMarked(catalog, wanted))) return;
  await leaveToOthers({ catalog, library, log });
}

async function leaveToOthers({ catalog, library, log }: Omit<Parts, 'store'>, run?: string): Promise<never> {
  const sentence = `this worker reads another catalog than the run's (${catalog.place}): it leaves the run to others`;
  log.error({ run, catalog: catalog.place }, sentence);
  library?.refused(sentence);
  await wait(HELD_MS);
  throw ApplicationFailure.nonRetryable(
    'a worker over the run’s store reads another catalog: give it the DATABASE_URL of the others, or end it',
    FailureType.WrongWorker,
  );
}

/** The same activity, done only by a worker whose catalog is the run's. */
export function ofLibrary<I extends { plan: RunPlan }, O>(
  { catalog, library, log }: Omit<Parts, 'store'>,
  activity: (input: I) => Promise<O>,
): (input: I) => Promise<O> {
  const believed = new Map<string, number>();
  const check = async ({ runId, library: wanted }: RunPlan): Promise<void> => {
    if (library === undefined || wanted === undefined) return;
    const since = believed.get(runId);
    if (since !== undefined && performance.now() - since < BELIEVED_MS) return;
    if (await isMarked(catalog, wanted.catalog)) {
      believed.clear();
      believed.set(runId, performance.now());
      return;
    }
    await leaveToOthers({ catalog, library, log }, runId);
  };
  return async (input) => {
    await check(input.plan);
    return activity(input);
  };
}
