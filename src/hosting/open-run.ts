import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Settings } from '../config.js';
import { workflowIdOf } from '../contract/names.js';
import type { RunPlan } from '../contract/plan.js';
import { type RunState, waitsForAPerson } from '../contract/progress.js';
import type { RunRequest } from '../contract/request.js';
import { describeSelection } from '../contract/request.js';
import { type Fault, usageFault } from '../fault.js';
import { describeRun } from './describe-run.js';
import { latestRunOf } from './existing-store.js';
import type { OwnLibrary } from './own-library.js';
import { resumeCommand } from './resume-command.js';
import { readPlan } from './run-plan.js';
import { askRun } from './run-progress.js';
import { configuredTemporal } from './temporal.js';

/** A run that is not over, as far as this is known without a worker. */
export interface OpenRun {
  handle: WorkflowHandle;
  /** Id of the run's first execution. */
  runId: string;
  /** Null when it was started by hand with an input that is no request. */
  request: RunRequest | null;
  /** Null before preflight has passed, and when the history cannot be read. */
  plan: RunPlan | null;
  /** Null when neither the store nor a worker tells. */
  state: RunState | null;
  reason: string | null;
}

/** Returns the run that is not over; null when there is none. */
export async function openRun(client: Client, settings: Settings): Promise<OpenRun | null> {
  const workflowId = workflowIdOf(settings.collection.name, settings.building);
  const run = await describeRun(client, workflowId);
  if (run === null || !run.open) return null;
  const [plan, known] = await Promise.all([
    readPlan(client, workflowId),
    standingOf(client, settings, run.runId),
  ]);
  return {
    handle: client.workflow.getHandle(workflowId),
    runId: run.runId,
    request: run.request,
    plan,
    state: known?.state ?? null,
    reason: known?.reason ?? null,
  };
}

/** Reads the run's state from the store, which gets each change; asks a worker if the store is not readable. */
async function standingOf(
  client: Client,
  settings: Settings,
  runId: string,
): Promise<{ state: RunState; reason: string | null } | null> {
  const row = await latestRunOf(settings, runId).catch(() => null);
  if (row !== null) return { state: row.state as RunState, reason: row.reason };
  return configuredTemporal(settings) === null
    ? null
    : askRun(client, workflowIdOf(settings.collection.name, settings.building));
}

/** Returns for example `a run of all samples, started by the schedule nightly`. */
export function describeOpenRun(request: RunRequest | null): string {
  if (request === null) return 'a run that embeddings did not start';
  const by =
    request.scheduledBy === undefined ? '' : `, started by the schedule ${request.scheduledBy.schedule},`;
  return `a run of ${describeSelection(request)}${by}`;
}

/** Returns whether the run writes to another store than ours; false when one of the two is not known. */
export function isOthers({ plan, request }: Pick<OpenRun, 'plan' | 'request'>, ours: OwnLibrary): boolean {
  const theirs = (plan === null ? request?.library : plan.library)?.store;
  return theirs !== undefined && ours !== undefined && theirs !== ours;
}

/** Returns why no run of ours can start now: another library shares the namespace. */
export function otherStoreFault(run: Pick<OpenRun, 'request'>, settings: Settings): Fault {
  const ours = configuredTemporal(settings) === null;
  return usageFault(
    `${describeOpenRun(run.request)} into another store is under way, and only one run at a time can use the name ` +
      `${settings.collection.name}: ${
        ours
          ? 'restore TURSO_DATABASE_URL or its file to go on with that run; or end it with embeddings cancel, and start again'
          : 'wait for its end; to avoid this, give this library its own TEMPORAL_NAMESPACE, or its own name: set EMBEDDINGS_COLLECTION for its workers and commands, and run embeddings collections --rename once if its store is not new'
      }`,
  );
}

/** Returns the models of the run and of today's settings when they differ. Null: they agree, or only workers know. */
export function otherModel(
  { plan }: Pick<OpenRun, 'plan'>,
  settings: Settings,
): { run: string; today: string } | null {
  if (plan === null) return null;
  const ours = configuredTemporal(settings) === null;
  const { EMBEDDING_MODEL, EMBEDDING_DIMENSIONS } = settings.environment;
  const model = ours || EMBEDDING_MODEL !== undefined ? settings.model : plan.model;
  const dimensions = ours || EMBEDDING_DIMENSIONS !== undefined ? settings.dimensions : plan.dimensions;
  if (model === plan.model && dimensions === plan.dimensions) return null;
  return { run: modelName(plan), today: modelName({ model, dimensions }) };
}

export const modelName = ({ model, dimensions }: Pick<RunPlan, 'model' | 'dimensions'>): string =>
  `${model}, ${dimensions} dimensions`;

/** Returns why the requested run cannot start now, with commands that work in the open run's state. */
export function underWay(run: OpenRun, settings: Settings, worker: boolean): Fault {
  const models = otherModel(run, settings);
  const began = models === null ? '' : `, with ${models.run}, while today's settings say ${models.today}`;
  return usageFault(
    `${describeOpenRun(run.request)} is under way${howItWaits(run)}${began}: ${nextCommands(run, worker)}`,
  );
}

/** Returns for example `, blocked (no credit is left)`; empty while the run goes on by itself. */
export function howItWaits(run: Pick<OpenRun, 'state' | 'reason'>): string {
  if (!waitsForAPerson(run)) return '';
  return `, ${run.state}${run.reason === null ? '' : ` (${run.reason})`}`;
}

/** Returns what can be done about a run that is not over. `worker`: one is at work besides this command. */
export function nextCommands(run: Pick<OpenRun, 'state' | 'reason'>, worker: boolean): string {
  const end = 'end it with embeddings cancel';
  if (waitsForAPerson(run)) return `go on with it unchanged with ${resumeCommand(run)}, or ${end}`;
  return worker
    ? `watch it with embeddings status --watch, or ${end}`
    : `go on with it unchanged with embeddings resume, or ${end}`;
}
