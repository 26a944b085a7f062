import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { Worker, WorkerOptions } from '@temporalio/worker';
import type { HeldLibrary, Log } from '../activities/dependencies.js';
import { libraryQueueOf } from '../contract/names.js';
import type { Store } from '../engines/store.js';

/** How often a store that has no tables yet, or does not answer, is asked again. Milliseconds. */
const LOOK_MS = 1000;
/** Pause after the catalog was found to differ from a run's: it may be corrected. Milliseconds. */
const REST_MS = 15_000;

export interface LibraryWorker {
  /** For the activities. */
  held: HeldLibrary;
  /**
   * Works until `stop`. `make` creates a Worker over the activities with these options, again after each pause.
   * Resolves when stopped; rejects when the worker broke.
   */
  run(make: (options: Pick<WorkerOptions, 'taskQueue' | 'identity'>) => Promise<Worker>): Promise<void>;
  state(): LibraryState;
  inFlight(): number;
  /** Takes no more work; what is in flight finishes. */
  stop(): void;
}

export interface LibraryState {
  collection: string;
  /** The store's id; null while it is not known. */
  store: string | null;
  /** Where its catalog is, without secrets. */
  catalog: string;
  /** Whether it takes work of its library. */
  serving: boolean;
  /** Why it takes none. */
  trouble: string | null;
}

export interface LibraryParts {
  collection: string;
  /** The collection's task queue. */
  taskQueue: string;
  store: Pick<Store, 'identity'>;
  catalogPlace: string;
  /** False in one-command mode: there is no other worker, and the store's own queue is not read. */
  routed: boolean;
  log: Log;
}

/**
 * Creates the worker for one store's activities. It polls that store's own task queue once the store's id is known: at
 * once, or when the first preflight has created its tables.
 */
export function createLibraryWorker(parts: LibraryParts): LibraryWorker {
  const { collection, taskQueue, store, catalogPlace, routed, log } = parts;
  const state: LibraryState = {
    collection,
    store: null,
    catalog: catalogPlace,
    serving: false,
    trouble: null,
  };
  const stopped = new AbortController();
  const sleep = (ms: number): Promise<void> =>
    wait(ms, undefined, { signal: stopped.signal }).catch(() => undefined);
  let onUp: () => void = () => undefined;
  const up = new Promise<void>((resolve) => {
    onUp = resolve;
  });
  let worker: Worker | null = null;

  const held: HeldLibrary = {
    collection,
    routed,
    serve(storeId) {
      state.store = storeId;
      return up;
    },
    refused(sentence) {
      state.trouble = sentence;
      if (worker?.getState() === 'RUNNING') worker.shutdown();
    },
  };

  /** Reads the store's id. Preflight reports what is wrong with the store itself. */
  const look = async (): Promise<void> => {
    const identity = await store.identity().catch(() => null);
    if (identity === null) return;
    if (identity.collection === null || identity.collection === collection) {
      state.store = identity.id;
      return;
    }
    const sentence = `the store holds the collection ${identity.collection}, this worker is for ${collection}: it takes no work`;
    if (state.trouble === null) log.error({ store: identity.id }, sentence);
    state.trouble = sentence;
  };

  return {
    held,
    state: () => ({ ...state }),
    inFlight: () => worker?.getStatus().numInFlightActivities ?? 0,
    async run(make) {
      if (!routed) {
        // The command's own worker does the activities.
        state.serving = true;
        onUp();
        await new Promise<void>((resolve) => {
          if (stopped.signal.aborted) resolve();
          else stopped.signal.addEventListener('abort', () => resolve(), { once: true });
        });
        state.serving = false;
        return;
      }
      for (;;) {
        if (state.store === null) await look();
        if (stopped.signal.aborted) return;
        if (state.store === null) {
          await sleep(LOOK_MS);
          continue;
        }
        worker = await make({
          taskQueue: libraryQueueOf(taskQueue, state.store),
          identity: `${process.pid}@${hostname()} ${collection} ${state.store}`,
        });
        const ended = worker.run();
        state.serving = true;
        state.trouble = null;
        onUp();
        if (stopped.signal.aborted) worker.shutdown();
        await ended.finally(() => {
          state.serving = false;
          worker = null;
        });
        if (stopped.signal.aborted) return;
        await sleep(REST_MS);
      }
    },
    stop() {
      stopped.abort();
      // An activity that waits for this worker ends too, and another worker runs it again.
      onUp();
      if (worker?.getState() === 'RUNNING') worker.shutdown();
    },
  };
}
