import { setTimeout as wait } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failure.js';
import { formMark } from '../contract/form-mark.js';
import type { PlannedGeneration } from '../contract/generation.js';
import type { Library, RunPlan } from '../contract/plan.js';
import type { RunRequest } from '../contract/request.js';
import { isMarked, markCatalog } from '../domain/catalog-mark.js';
import { otherCollection } from '../domain/other-collection.js';
import { blockedFault } from '../fault.js';
import type { Dependencies } from './dependencies.js';

/** So long a catalog is believed to be the run's, in milliseconds. */
const BELIEVED_MS = 10_000;
/** So long a worker keeps what it may not do: others take the next one meanwhile. */
const HELD_MS = 500;

type Parts = Pick<Dependencies, 'catalog' | 'store' | 'form' | 'library' | 'log'>;
type Held = Omit<Parts, 'store'>;

/**
 * Gives the store to the collection and says which library this is; null where the worker was made without one.
 * Throws a Fault where the store is another collection's.
 */
export async function identify(
  { catalog, store, form, library }: Parts,
  generation: Pick<PlannedGeneration, 'number'>,
): Promise<Library | null> {
  if (library === undefined) return null;
  const identity = await store.identity();
  const owner = identity?.collection ?? (await store.claimFor(library.collection));
  if (owner !== library.collection) throw blockedFault(otherCollection(owner, library.collection));
  if (identity === null) return null;
  await library.serve(identity.id);
  return {
    store: identity.id,
    catalog: await markCatalog(catalog),
    ...(library.routed && { routed: true }),
    ...formMark(form.mark, generation.number),
  };
}

/** Before anything else of preflight: fails where the client meant another catalog than this worker's. */
export async function refuseOtherLibrary(
  held: Held,
  { library: wanted, generation = 1 }: Pick<RunRequest, 'library' | 'generation'>,
): Promise<void> {
  if (held.library === undefined || wanted === undefined) return;
  const { catalog, form } = wanted;
  // A client that knows its catalog knows its texts too: without a form they are the sample library's own.
  const meant = form ?? (catalog === undefined ? undefined : null);
  if (meant !== undefined && meant !== (formMark(held.form.mark, generation).form ?? null))
    await leaveToOthers(held, 'form');
  if (catalog !== undefined && !(await isMarked(held.catalog, catalog))) await leaveToOthers(held, 'catalog');
}

/** What of a worker may not be the run's: what it does about it, and the cure. */
const DIFFERS = {
  catalog: {
    does: 'reads another catalog than the run’s',
    cure: 'give it the DATABASE_URL of the others, or end it',
    alone: 'set DATABASE_URL back to the run’s, or embeddings cancel, and start a run anew',
  },
  form: {
    does: 'makes other texts than the run’s, by another template or other words for the model',
    cure: 'give all workers the same embeddings.config.yaml, and start them anew',
    alone: 'put the template and the words for the model back, or embeddings cancel, and start a run anew',
  },
};

async function leaveToOthers(
  { catalog, library, log }: Held,
  what: keyof typeof DIFFERS,
  run?: string,
): Promise<never> {
  const { does, cure, alone } = DIFFERS[what];
  // There are no others in one-command mode.
  if (library?.routed !== true) throw blockedFault(`this command ${does}: ${alone}`);
  const sentence = `this worker ${does}: it leaves the run to others`;
  log.error({ run, catalog: catalog.place }, sentence);
  library.refused(sentence);
  await wait(HELD_MS);
  throw ApplicationFailure.nonRetryable(
    `a worker over the run’s store ${does}: ${cure}`,
    FailureType.WrongWorker,
  );
}

/** The same activity, done only by a worker whose catalog is the run's. */
export function ofLibrary<I extends { plan: RunPlan }, O>(
  held: Held,
  activity: (input: I) => Promise<O>,
): (input: I) => Promise<O> {
  let believed: { runId: string; since: number } | null = null;
  const check = async ({ runId, library: wanted, generation }: RunPlan): Promise<void> => {
    if (held.library === undefined || wanted === undefined) return;
    if (wanted.form !== formMark(held.form.mark, generation?.number ?? 1).form)
      await leaveToOthers(held, 'form', runId);
    if (believed?.runId === runId && performance.now() - believed.since < BELIEVED_MS) return;
    if (await isMarked(held.catalog, wanted.catalog)) {
      believed = { runId, since: performance.now() };
      return;
    }
    await leaveToOthers(held, 'catalog', runId);
  };
  return async (input) => {
    await check(input.plan);
    return activity(input);
  };
}
