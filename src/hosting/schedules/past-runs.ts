import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Settings } from '../../config.js';
import { isOver, type RunState, type Totals } from '../../contract/progress.js';
import type { RunRequest } from '../../contract/request.js';
import type { ScheduledOutcome } from '../../contract/schedule.js';
import type { RunRow } from '../../engines/types.js';
import { withStore } from '../existing-store.js';
import type { Firing, Schedule } from './schedule.js';

/** The result of one firing. */
export interface PastRun {
  /** ISO time, UTC. */
  at: string;
  /** `waiting`: no worker has taken it yet. `skipped`: another run was under way. */
  state: RunState | 'waiting' | 'skipped';
  /** One sentence; null when the firing completed. */
  reason: string | null;
  runId: string | null;
  /** Null when neither the store nor Temporal knows them. */
  totals: Totals | null;
}

/**
 * Returns the last firings, newest first. Money and counts come from the store, which keeps them for good, also for
 * failed runs. Temporal is asked, as far back as its retention, about firings without a run there (skipped, refused
 * before it began), and when the store cannot be read from here. An error of the store is passed to `tell`, and
 * Temporal alone answers.
 */
export async function pastRuns(
  client: Client,
  settings: Settings,
  { name, firings }: Schedule,
  limit: number,
  tell: (line: string) => void,
): Promise<PastRun[]> {
  const rows = await withStore(settings, (store) => store.runsOfSchedule(name, limit)).catch((error: Error) =>
    tell(`What runs cost cannot be read: ${error.message}`),
  );
  const mirrored = new Map((rows ?? []).map((row) => [firingOf(row), row]));
  const past: PastRun[] = [];
  for (const firing of firings.slice(0, limit)) {
    const row = mirrored.get(firing.runId);
    mirrored.delete(firing.runId);
    const fromTemporal = row !== undefined && isOver(row) ? null : await askTemporal(client, firing);
    const run = row === undefined ? fromTemporal : latest(runOf(row), fromTemporal);
    if (run !== null) past.push(run);
  }
  past.push(...[...mirrored.values()].map(runOf));
  return past.sort((a, b) => b.at.localeCompare(a.at)).slice(0, limit);
}

/** Temporal decides how a run ended: the mirror's last write may have been lost, or a worker with it. */
const latest = (mirrored: PastRun, fromTemporal: PastRun | null): PastRun =>
  fromTemporal === null || fromTemporal.state === 'waiting'
    ? mirrored
    : {
        ...mirrored,
        state: fromTemporal.state,
        reason: fromTemporal.reason,
        totals: fromTemporal.totals ?? mirrored.totals,
      };

const firingOf = (row: RunRow): string | undefined =>
  (JSON.parse(row.request) as RunRequest).scheduledBy?.firing;

const runOf = ({ startedAt, state, reason, runId, totals }: RunRow): PastRun => ({
  at: startedAt,
  state: state as RunState,
  reason,
  runId,
  totals,
});

/** Null when it is older than Temporal's retention. */
async function askTemporal(client: Client, { at, workflowId, runId }: Firing): Promise<PastRun | null> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const none = { at: at.toISOString(), reason: null, runId: null, totals: null };
  try {
    if ((await handle.describe()).status.name === 'RUNNING') return { ...none, state: 'waiting' };
    const { outcome, ...known } = (await handle.result()) as ScheduledOutcome;
    return { ...none, ...known, state: outcome };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    if (!(error instanceof WorkflowFailedError)) throw error;
    return { ...none, state: 'failed', reason: error.cause?.message ?? error.message };
  }
}
