import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { loadSettings } from '../../config.js';
import { Messages, type RunProgress, WORKFLOW_ID } from '../../contract.js';
import { Fault, usageFault } from '../../fault.js';
import { connectClient } from '../../hosting/client.js';
import { describeRun } from '../../hosting/describe-run.js';
import { findTemporal } from '../../hosting/temporal.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';

interface ControlOptions {
  json?: boolean;
  maxCost?: number;
}

/** How long an update waits for a worker to take it. */
const ANSWER_MS = 10_000;

async function withOpenRun<T>(act: (client: Client) => Promise<T>): Promise<T> {
  const settings = loadSettings();
  const target = await findTemporal(settings);
  if (target === null)
    throw usageFault(
      'no run is under way here: Temporal is not up (embeddings --resume goes on with what was left)',
    );
  const client = await connectClient(target);
  try {
    if ((await describeRun(client))?.open !== true)
      throw usageFault('no run is under way; begin one with: embeddings --all');
    return await act(client);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError)
      throw usageFault('no run is under way; begin one with: embeddings --all');
    throw error;
  } finally {
    await client.connection.close();
  }
}

const update =
  (name: string, argument: unknown) =>
  (client: Client): Promise<RunProgress> =>
    client.connection
      .withDeadline(Date.now() + ANSWER_MS, () =>
        client.workflow
          .getHandle(WORKFLOW_ID)
          .executeUpdate<RunProgress, [unknown]>(name, { args: [argument] }),
      )
      .catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError || error instanceof Fault) throw error;
        throw usageFault(
          `the run did not answer within ${ANSWER_MS / 1000} s: no worker is up? Start one with: embeddings worker`,
          error,
        );
      });

/** `embeddings pause`: batches under way finish, no more are sent. */
export async function pause(host: NodeJS.Process, options: ControlOptions): Promise<number> {
  const console = createConsole(host, options.json === true);
  const progress = await withOpenRun(update(Messages.pause, null));
  console.say(`Paused; ${progress.inFlight} batches under way will finish. Go on with: embeddings resume`);
  console.answer({ state: progress.state, in_flight: progress.inFlight });
  return ExitCode.Ok;
}

/** `embeddings resume`: the same run goes on, with the same totals; `--max-cost` sets a new cap for all of it. */
export async function resume(host: NodeJS.Process, options: ControlOptions): Promise<number> {
  const console = createConsole(host, options.json === true);
  const change = options.maxCost === undefined ? {} : { maxCostNanos: options.maxCost };
  const progress = await withOpenRun(update(Messages.resume, change));
  console.say('The run goes on. Watch it: embeddings status --watch');
  console.answer({ state: progress.state, in_flight: progress.inFlight });
  return ExitCode.Ok;
}

/** `embeddings cancel`: the run ends after the batches under way; what is stored stays. */
export async function cancel(host: NodeJS.Process, options: ControlOptions): Promise<number> {
  const console = createConsole(host, options.json === true);
  await withOpenRun((client) => client.workflow.getHandle(WORKFLOW_ID).cancel());
  console.say('Cancelled: batches under way finish and are stored, nothing more is sent.');
  console.answer({ state: 'cancelled' });
  return ExitCode.Ok;
}
