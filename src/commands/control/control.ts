import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { loadSettings } from '../../config.js';
import { Messages } from '../../contract/messages.js';
import { type RunProgress, waitsForAPerson } from '../../contract/progress.js';
import { Fault, usageFault } from '../../fault.js';
import { settingsForImpliedRun } from '../../hosting/implied-run.js';
import { joinRun } from '../../hosting/join-run.js';
import { NO_RUN } from '../../hosting/no-run.js';
import { isAsleep, type ReachedRun, withOpenRun } from '../../hosting/reach-run.js';
import { namesCommand } from '../../hosting/resume-command.js';
import { askRun } from '../../hosting/run-progress.js';
import { batches, plain } from '../../terminal/format.js';
import { createRestCheck } from '../at-rest.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';

export interface ControlOptions {
  json?: boolean;
  maxCost?: number;
}

/** How long an update waits for a worker that is up or just starting to accept it. */
const ANSWER_MS = 10_000;
const START_MS = 120_000;
const LOOK_MS = 200;

async function update(
  { client, workflowId }: Pick<ReachedRun, 'client' | 'workflowId'>,
  name: string,
  argument: unknown,
  waitMs = ANSWER_MS,
): Promise<RunProgress> {
  try {
    return await client.connection.withDeadline(Date.now() + waitMs, () =>
      client.workflow.getHandle(workflowId).executeUpdate<RunProgress, [unknown]>(name, { args: [argument] }),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw usageFault(NO_RUN, error);
    if (error instanceof Fault) throw error;
    // The run received the update and rejected it.
    if (error instanceof WorkflowUpdateFailedError)
      throw usageFault(error.cause?.message ?? error.message, error);
    throw usageFault(
      `the run did not answer within ${waitMs / 1000} s: no worker is up? Start one with embeddings worker, then run this command again`,
      error,
    );
  }
}

/** `embeddings pause`: batches under way are still sent and stored, no others are begun. */
export async function pause(host: NodeJS.Process, options: ControlOptions): Promise<number> {
  const console = createConsole(host, options.json === true);
  const progress = await withOpenRun(
    await settingsForImpliedRun(loadSettings()),
    console.say,
    async (run) => {
      if (!run.asleep) return update(run, Messages.pause, null);
      // The update is sent before the worker starts, so that the run sends no batch first.
      const asked = update(run, Messages.pause, null, START_MS);
      const failed = run.work();
      await Promise.race([asked, failed]);
      return await Promise.race([untilAtRest(run), failed]);
    },
  );
  console.say(pausedLine(progress));
  console.answer({ state: progress.state, in_flight: progress.inFlight });
  return ExitCode.Ok;
}

/**
 * Returns the result of `pause` as a sentence. For a run that already waits (blocked, or at its cap), it names that
 * cause and its cure.
 */
export function pausedLine({
  state,
  reason,
  inFlight,
}: Pick<RunProgress, 'state' | 'reason' | 'inFlight'>): string {
  if (reason === null || reason.startsWith('paused by a person'))
    return `Paused; ${batches(inFlight)} under way will finish. Go on with: embeddings resume`;
  const cure = namesCommand(reason) ? '' : '. Go on with: embeddings resume';
  return `The run waits already, ${state}: ${plain(reason)}${cure}`;
}

/** Returns the run's progress once it is at rest, or no longer waits because someone resumed it. */
async function untilAtRest({ client, workflowId }: ReachedRun): Promise<RunProgress> {
  const isAtRest = createRestCheck();
  for (;;) {
    const progress = await askRun(client, workflowId);
    if (progress !== null && (isAtRest(progress) || !waitsForAPerson(progress))) return progress;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/**
 * `embeddings resume`: continues the same run with the same totals. `--max-cost` sets a new cap for the whole run. A
 * run that failed because preflight refused it is requested again. In one-command mode, if no command is the run's
 * worker, this command becomes it, as with `--resume`.
 */
export async function resume(host: NodeJS.Process, options: ControlOptions): Promise<number> {
  const console = createConsole(host, options.json === true);
  const settings = await settingsForImpliedRun(loadSettings());
  if (isAsleep(settings)) {
    const { resumeHere } = await import('./resume-here.js');
    return resumeHere(host, console, settings, options.maxCost ?? null);
  }
  const change = options.maxCost === undefined ? {} : { maxCostNanos: options.maxCost };
  const { state, inFlight, again } = await withOpenRun(
    settings,
    console.say,
    async (run) => ({ ...(await update(run, Messages.resume, change)), again: false }),
    {
      async failed(client) {
        const wish = { request: null, fallback: null, maxCostNanos: options.maxCost ?? null };
        await joinRun(client, wish, { settings, say: console.say });
        return { state: 'planning', inFlight: 0, again: true };
      },
    },
  );
  console.say(
    `${again ? 'The last run had failed: it is started again.' : 'The run goes on.'} Watch it: embeddings status --watch`,
  );
  console.answer({ state, in_flight: inFlight });
  return ExitCode.Ok;
}
