import type { Client } from '@temporalio/client';
import type { Settings } from '../../config.js';
import { workflowIdOf } from '../../contract/names.js';
import { type RunProgress, zeroTotals } from '../../contract/progress.js';
import type { RunRequest } from '../../contract/request.js';
import type { Store } from '../../engines/store.js';
import { Fault } from '../../fault.js';
import { connectClient } from '../../hosting/client.js';
import { type DescribedRun, describeRun } from '../../hosting/describe-run.js';
import { isWorkerRunning } from '../../hosting/exclusive-worker.js';
import { openExistingStore } from '../../hosting/existing-store.js';
import { isOthers, otherStoreFault } from '../../hosting/open-run.js';
import { ownLibrary } from '../../hosting/own-library.js';
import { type Pollers, pollersOf } from '../../hosting/pollers.js';
import { readPlan } from '../../hosting/run-plan.js';
import { askRun, progressOfRow } from '../../hosting/run-progress.js';
import { configuredTemporal, findTemporal } from '../../hosting/temporal.js';

/** The reason shown while no worker has taken note of the cancellation. */
const CANCELLING = 'a person has cancelled it: it ends as soon as a worker is up';

const QUERY_MS = 1500;
const CALL_MS = 3000;
const CONNECT_MS = 4000;

export interface RunStatus {
  progress: RunProgress | null;
  /** Source of the figures: the running workflow, or the store's durable rows. */
  source: 'run' | 'store';
  /** True while the run is open in Temporal; null: Temporal does not answer. */
  open: boolean | null;
  /**
   * True if a worker answers, or, in one-command mode, if a command is the worker. Always false for a run that is over.
   */
  worker: boolean;
  /** Why Temporal does not answer, or whose run is under way there. */
  trouble: string | null;
  /** The workers that poll an external Temporal; null: not asked, or not known. */
  workers: Pollers | null;
}

export interface StatusReader {
  /**
   * Reads from the workflow if a worker answers, else from the store. Both are exact; the store's figures may be older.
   * Throws a Fault if neither Temporal nor a store can be reached.
   */
  read(): Promise<RunStatus>;
  close(): Promise<void>;
}

/** Creates a reader that looks at the run repeatedly over one connection to Temporal and one to the store. */
export function createStatusReader(settings: Settings): StatusReader {
  const ours = configuredTemporal(settings) === null;
  const workflowId = workflowIdOf(settings.collection.name, settings.building);
  let client: Client | null = null;
  let store: Store | null = null;
  let tried: { at: number; trouble: Fault | null } | null = null;

  const letGo = async (): Promise<void> => {
    const { connection } = client ?? {};
    client = null;
    await connection?.close().catch(() => undefined);
  };

  /** Null: no server is up in one-command mode, or it does not answer (see `tried`). */
  const connected = async (): Promise<Client | null> => {
    if (client !== null) return client;
    // After a failure, do not wait for Temporal again at each look.
    if (tried !== null && tried.trouble !== null && performance.now() - tried.at < CONNECT_MS) return null;
    try {
      const target = await findTemporal(settings);
      tried = { at: performance.now(), trouble: null };
      client = target === null ? null : await connectClient(target, CONNECT_MS);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      tried = { at: performance.now(), trouble: error };
    }
    return client;
  };

  const described = async (there: Client): Promise<DescribedRun | null | undefined> => {
    try {
      return await there.connection.withDeadline(Date.now() + CALL_MS, () => describeRun(there, workflowId));
    } catch (error) {
      if (error instanceof Fault) throw error;
      await letGo();
      tried = { at: performance.now(), trouble: error as Fault };
      return undefined;
    }
  };

  const fromRow = async (runId?: string): Promise<RunProgress | null> => {
    store ??= await openExistingStore(settings);
    const row = (await store?.latestRun(runId)) ?? null;
    return store === null || row === null
      ? null
      : progressOfRow(row, await store.uncertainNanosOf(row.runId));
  };

  const fromStore = async (trouble: string | null): Promise<RunStatus> => {
    const open = trouble === null ? false : null;
    return { progress: await fromRow(), source: 'store', open, worker: false, trouble, workers: null };
  };

  return {
    async read() {
      const there = await connected();
      const run = there === null ? undefined : await described(there);
      if (there === null || run === undefined) {
        const why = tried?.trouble ?? null;
        if (why === null || ours) return fromStore(null);
        if (settings.storeUrl === null) throw why;
        return fromStore(why.message);
      }
      if (run === null) return fromStore(null);
      if (!run.open) {
        const known = run.ended === null || (await fromRow(run.runId)) !== null;
        // The run ended before there was a store to record it.
        if (known || run.ended === 'completed') return fromStore(null);
        return {
          ...(await fromStore(null)),
          progress: { ...notBegun(run, workflowId), state: run.ended ?? 'failed' },
        };
      }
      // Sent now and awaited below, so that the calls run in parallel.
      const asked = askRun(there, workflowId, QUERY_MS);
      asked.catch(() => undefined);
      const [plan, own] = await Promise.all([readPlan(there, workflowId), ownLibrary(settings)]);
      if (isOthers({ plan, request: run.request }, own))
        return fromStore(otherStoreFault({ request: run.request }, settings).message);
      const storeId = plan?.library?.store ?? own ?? null;
      const workers =
        ours || storeId === null ? null : await pollersOf(there, settings, storeId).catch(() => null);
      const progress = await asked;
      if (progress !== null)
        return { progress, source: 'run', open: true, worker: true, trouble: null, workers };
      // The store may only have an earlier run.
      const row = (await fromRow(run.runId)) ?? notBegun(run, workflowId);
      const known = run.cancelling ? { ...row, reason: CANCELLING } : row;
      // The worker may be starting, or too busy to answer at once.
      const worker = ours && isWorkerRunning(settings);
      return { progress: known, source: 'store', open: true, worker, trouble: null, workers };
    },
    async close() {
      await letGo();
      await store?.close();
    },
  };
}

/** Returns the progress of a run that is open in Temporal and not yet in the store. */
const notBegun = ({ runId, request, startedAt }: DescribedRun, workflowId: string): RunProgress => ({
  ...{ runId, workflowId, state: 'planning', reason: null, totals: zeroTotals(), model: null },
  request: request ?? ({ selection: { kind: 'all' } } as RunRequest),
  ...{ expected: 0, planned: false, inFlight: 0, window: 0, pacePerMinute: null, uncertainNanos: 0 },
  startedAt: startedAt ?? new Date().toISOString(),
  updatedAt: startedAt ?? new Date().toISOString(),
});
