import { setTimeout as wait } from 'node:timers/promises';
import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { loadSettings, type Settings } from '../../config.js';
import { isOver } from '../../contract/progress.js';
import { Fault } from '../../fault.js';
import { latestRunOf, withStore } from '../../hosting/existing-store.js';
import { settingsForImpliedRun } from '../../hosting/implied-run.js';
import { type ReachedRun, withOpenRun } from '../../hosting/reach-run.js';
import { askRun } from '../../hosting/run-progress.js';
import { untilAborted } from '../../hosting/until-aborted.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import type { ControlOptions } from './control.js';

/** How long to wait for the end of the run while another process is its worker. */
const OTHERS_MS = 30_000;
const LATE_MS = 5_000;

type End =
  /** The run is over. */
  | { is: 'over' }
  /** The run ends when the batches under way have finished. */
  | { is: 'ending' }
  /** The run ends as soon as a worker is up. */
  | { is: 'asked' }
  /** No worker could be started, so the run was terminated without one. */
  | { is: 'cut'; why: string };

/**
 * `embeddings cancel`: ends the run after the batches under way; what is stored stays. In one-command mode, if no
 * command is the run's worker, this command becomes it until the run is over.
 */
export async function cancel(host: NodeJS.Process, options: ControlOptions): Promise<number> {
  const console = createConsole(host, options.json === true);
  const settings = await settingsForImpliedRun(loadSettings());
  const end = await withOpenRun(
    settings,
    console.say,
    async (run) => {
      const handle = run.client.workflow.getHandle(run.workflowId);
      await handle.cancel().catch((error: unknown) => {
        // The run ended at this moment.
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      });
      return run.asleep ? endHere(run, settings, console.say) : endElsewhere(run);
    },
    { ends: true },
  );
  console.say(SENTENCES[end.is](end));
  console.answer({ state: end.is === 'over' || end.is === 'cut' ? 'cancelled' : 'cancelling' });
  return end.is === 'asked' ? ExitCode.WorkRemains : ExitCode.Ok;
}

const STAYS = 'Stored vectors are kept; start again with: embeddings --all';
const SENTENCES: Record<End['is'], (end: End) => string> = {
  over: () => `Cancelled: the run is over. ${STAYS}`,
  ending: () => 'Cancelled: batches under way finish and are stored, nothing more is sent.',
  asked: () =>
    'The run ends as soon as a worker sees this, but no worker answers: start one with embeddings worker. Nothing more is sent.',
  cut: (end) =>
    `Cancelled: the run is over, without a worker, as none could be started (${end.is === 'cut' ? end.why : ''}). ${STAYS}`,
};

type Reached = Pick<ReachedRun, 'client' | 'workflowId'>;

/** Resolves once the run is over, however it ended. */
async function untilOver({ client, workflowId }: Reached, signal?: AbortSignal): Promise<true> {
  for (;;) {
    try {
      const result = () => client.workflow.getHandle(workflowId).result();
      await (signal === undefined ? result() : untilAborted(client, signal, result));
      return true;
    } catch (error) {
      if (error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError) return true;
      if (error instanceof Fault) throw error;
      if (signal?.aborted === true) return true;
      await wait(LATE_MS / 10);
    }
  }
}

async function endElsewhere(run: Reached): Promise<End> {
  // Without the abort signal, the long poll would keep the command alive until a worker is up.
  const following = new AbortController();
  try {
    return await endOf(run, untilOver(run, following.signal));
  } finally {
    following.abort();
  }
}

async function endOf(run: Reached, over: Promise<true>): Promise<End> {
  over.catch(() => undefined);
  const answers = await Promise.race([over, askRun(run.client, run.workflowId)]);
  if (answers === true) return { is: 'over' };
  const waitMs = answers === null ? LATE_MS : OTHERS_MS;
  const late = new AbortController();
  const ended = await Promise.race([over, wait(waitMs, false, { signal: late.signal }).catch(() => false)]);
  late.abort();
  if (ended) return { is: 'over' };
  return { is: answers === null ? 'asked' : 'ending' };
}

async function endHere(run: ReachedRun, settings: Settings, say: (line: string) => void): Promise<End> {
  const late = setTimeout(
    () =>
      say(
        'Ending the run: a worker is started for it, and batches under way finish. Ctrl-C leaves that to the next command.',
      ),
    LATE_MS,
  );
  try {
    await Promise.race([untilOver(run), run.work()]);
    return { is: 'over' };
  } catch (error) {
    // Settings are missing, or the catalog or store cannot be opened: no worker can start here and end the run in
    // order.
    if (!(error instanceof Fault)) throw error;
    const why = error.message.split('\n').join('; ');
    await run.client.workflow.getHandle(run.workflowId).terminate('cancelled by a person, without a worker');
    await noteCancelled(settings, run.runId);
    return { is: 'cut', why };
  } finally {
    clearTimeout(late);
  }
}

/**
 * Marks the run as cancelled in the store, which would otherwise report it as under way for ever. Ignores a store that
 * cannot be written.
 */
async function noteCancelled(settings: Settings, runId: string): Promise<void> {
  const row = await latestRunOf(settings, runId).catch(() => null);
  if (row === null || isOver(row)) return;
  const last = { ...row, state: 'cancelled', reason: 'cancelled by a person', sequence: FINAL_SEQUENCE };
  await withStore(settings, (store) => store.saveRun(last), { readOnly: false }).catch(() => undefined);
}

/** Higher than every sequence number that the run itself has written. */
const FINAL_SEQUENCE = 2 ** 31;
