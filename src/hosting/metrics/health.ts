import type { NativeConnection, Worker } from '@temporalio/worker';
import type { Store } from '../../engines/store.js';
import type { LibraryState, LibraryWorker } from '../library-worker.js';

/** The answer of /healthz; snake_case, as it is JSON for programs. */
export interface Health {
  ok: boolean;
  state: 'starting' | 'running' | 'draining' | 'stopped';
  temporal: { ok: boolean; polling: boolean; error?: string };
  store: { ok: boolean; error?: string };
  /** The library that this worker holds, and whether it takes that library's work. */
  library: LibraryState | null;
  build_id: string | null;
  activities: number;
  uptime_seconds: number;
}

interface Watched {
  worker: Pick<Worker, 'getStatus'>;
  library: Pick<LibraryWorker, 'state' | 'inFlight'>;
  connection: Pick<NativeConnection, 'withDeadline' | 'workflowService'>;
  store: Pick<Store, 'latestRun'>;
}

const DEADLINE_MS = 3000;
/** The store and Temporal are asked at most once in this time, however often a client asks. */
const FRESH_MS = 2000;

export interface HealthCheck {
  check(): Promise<Health>;
  /** Called once the worker exists: from then on its state is reported. */
  watch(watched: Watched): void;
  /** Called after each transaction of the store, with null or its error. */
  onCommit(error: Error | null): void;
}

/** Checks that the worker is alive, polls a Temporal that answers, and can reach and write its store. */
export function createHealth(buildId: string | null): HealthCheck {
  let watched: Watched | null = null;
  let unwritable: string | null = null;
  let asked: { at: number; health: Promise<Health> } | null = null;

  const examine = async (): Promise<Health> => {
    const about = { build_id: buildId, uptime_seconds: Math.round(process.uptime()) };
    if (watched === null) {
      const not = { ok: false, error: 'the worker is starting' };
      return {
        ok: false,
        state: 'starting',
        temporal: { ...not, polling: false },
        store: not,
        activities: 0,
        library: null,
        ...about,
      };
    }
    const { worker, library, connection } = watched;
    const status = worker.getStatus();
    const state = stateOf(status.runState);
    const polling = [status.workflowPollerState, status.activityPollerState].every(
      (poller) => poller === 'POLLING',
    );
    const [temporal, store] = await Promise.all([
      trouble(() =>
        connection.withDeadline(Date.now() + DEADLINE_MS, () => connection.workflowService.getSystemInfo({})),
      ),
      trouble(() => watched?.store.latestRun()),
    ]);
    const held = library.state();
    const storeTrouble = store ?? unwritable;
    return {
      ok:
        state === 'running' && polling && temporal === null && storeTrouble === null && held.trouble === null,
      state,
      temporal: { ok: temporal === null, polling, ...(temporal !== null && { error: temporal }) },
      store: { ok: storeTrouble === null, ...(storeTrouble !== null && { error: storeTrouble }) },
      activities: status.numInFlightActivities + library.inFlight(),
      library: held,
      ...about,
    };
  };

  return {
    check() {
      if (asked === null || performance.now() - asked.at > FRESH_MS)
        asked = { at: performance.now(), health: examine() };
      return asked.health;
    },
    watch(next) {
      watched = next;
      asked = null;
    },
    onCommit(error) {
      unwritable = error === null ? null : error.message;
    },
  };
}

const stateOf = (runState: string): Health['state'] => {
  if (runState === 'RUNNING') return 'running';
  if (runState === 'INITIALIZED') return 'starting';
  return runState === 'STOPPED' || runState === 'FAILED' ? 'stopped' : 'draining';
};

/** Returns null when the call succeeded in time, else what is wrong. */
async function trouble(ask: () => Promise<unknown> | undefined): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${DEADLINE_MS / 1000} s`), DEADLINE_MS + 100);
  });
  const asked = Promise.resolve()
    .then(ask)
    .then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
