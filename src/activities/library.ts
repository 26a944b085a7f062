import { setTimeout as wait } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failure.js';
import { formMark } from '../contract/form-mark.js';
import type { PlannedGeneration } from '../contract/generation.js';
import type { Library, RunPlan } from '../contract/plan.js';
import type { RunRequest } from '../contract/request.js';
import { isMarked, markCatalog } from '../domain/catalog-mark.js';
import { otherCollection } from '../domain/other-collection.js';
import type { StoreIdentity } from '../engines/types.js';
import { blockedFault } from '../fault.js';
import { CATALOG_SETTING } from '../sources/catalog-setting.js';
import type { Dependencies } from './dependencies.js';

/** Milliseconds until a worker checks again that its catalog is the run's. */
const BELIEVED_MS = 10_000;
/** Milliseconds that a worker holds an activity before it refuses it: other workers take the next one meanwhile. */
const HELD_MS = 500;

type Parts = Pick<Dependencies, 'catalog' | 'store' | 'form' | 'library' | 'log'>;
interface Found {
  generation: Pick<PlannedGeneration, 'number'>;
  /** The store's identity, as it was just read. */
  identity: StoreIdentity | null;
}
type Held = Omit<Parts, 'store'>;

/**
 * Claims the store for the collection and returns the identity of the library; null for a worker without one.
 * Throws a Fault if the store belongs to another collection.
 */
export async function identify(
  { catalog, store, form, library }: Parts,
  { generation, identity }: Found,
): Promise<Library | null> {
  if (library === undefined) return null;
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

/** Throws if the client meant another catalog or form than this worker's. Called before the other preflight checks. */
export async function refuseOtherLibrary(
  held: Held,
  { library: wanted, generation = 1 }: Pick<RunRequest, 'library' | 'generation'>,
): Promise<void> {
  if (held.library === undefined || wanted === undefined) return;
  const { catalog, form } = wanted;
  // A client that names its catalog also knows its form: no form means the sample library's own texts.
  const meant = form ?? (catalog === undefined ? undefined : null);
  if (meant !== undefined && meant !== (formMark(held.form.mark, generation).form ?? null))
    await leaveToOthers(held, 'form');
  if (catalog !== undefined && !(await isMarked(held.catalog, catalog))) await leaveToOthers(held, 'catalog');
}

/** How a worker may differ from the run: the texts of its messages, with the cure. */
const DIFFERS = {
  catalog: {
    does: 'reads another catalog than the run',
    cure: `set its ${CATALOG_SETTING} to that of the other workers, or stop it`,
    alone: `set ${CATALOG_SETTING} back to that of the run, or run embeddings cancel and start a new run`,
  },
  form: {
    does: 'creates different texts than the run, since its template, a prefix or an input_type differs',
    cure: 'give all workers the same embeddings.config.yaml, and restart them',
    alone: 'restore the template, the prefixes and input_type, or run embeddings cancel and start a new run',
  },
};

async function leaveToOthers(
  { catalog, library, log }: Held,
  what: keyof typeof DIFFERS,
  run?: string,
): Promise<never> {
  const { does, cure, alone } = DIFFERS[what];
  // There are no other workers in one-command mode.
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

/** Wraps an activity so that only a worker with the run's catalog and form runs it. */
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
