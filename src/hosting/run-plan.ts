import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { type RunPlan, type RunRequest, WORKFLOW_ID } from '../contract.js';

/** Preflight ends within the first events of a run; a later execution of it is given its plan at once. */
const EVENTS = 60;

export interface BegunWith {
  /** Null: it was started by hand, with something else. */
  request: RunRequest | null;
  /** What preflight has fixed; null before that. */
  plan: RunPlan | null;
}

/**
 * What the run under way, or the last one, was begun with, from its history: no worker is needed to know it. All null
 * where that cannot be read.
 */
export async function readBeginning(client: Client): Promise<BegunWith> {
  const found: BegunWith = { request: null, plan: null };
  try {
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: WORKFLOW_ID },
      maximumPageSize: EVENTS,
    });
    let scheduled = '';
    for (const event of history?.events ?? []) {
      const [request, carried] = event.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
      if (request) found.request = requestOf(await decoded(client, request));
      if (carried) found.plan = (await decoded<Partial<BegunWith>>(client, carried)).plan ?? null;
      const asked = event.activityTaskScheduledEventAttributes;
      if (asked?.activityType?.name === 'preflight') scheduled = String(event.eventId);
      const answered = event.activityTaskCompletedEventAttributes;
      const plan = answered?.result?.payloads?.[0];
      if (plan && String(answered.scheduledEventId) === scheduled) found.plan = await decoded(client, plan);
      if (found.plan !== null) break;
    }
  } catch {
    // Whoever looks can do without.
  }
  return found;
}

const requestOf = (value: unknown): RunRequest | null => {
  const request = value as Partial<RunRequest> | null;
  return typeof request?.selection?.kind === 'string' ? (request as RunRequest) : null;
};

async function decoded<T>(client: Client, payload: Payload): Promise<T> {
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  let payloads = [payload];
  for (const codec of [...payloadCodecs].reverse()) payloads = await codec.decode(payloads);
  return payloadConverter.fromPayload<T>(payloads[0] as Payload);
}
