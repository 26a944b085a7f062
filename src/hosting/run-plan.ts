import type { Client } from '@temporalio/client';
import type { RunPlan } from '../contract/plan.js';
import { decodePayload } from './decode-payload.js';

/** Preflight ends within the first events of a run. A later execution of the run gets the plan in its input. */
const EVENTS = 60;

/**
 * Reads what preflight has fixed for the run under way, or the last one, from its history, so no worker is needed. Null
 * before preflight has ended, and when the history cannot be read.
 */
export async function readPlan(client: Client, workflowId: string): Promise<RunPlan | null> {
  try {
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId },
      maximumPageSize: EVENTS,
    });
    let scheduled = '';
    for (const event of history?.events ?? []) {
      const carried = event.workflowExecutionStartedEventAttributes?.input?.payloads?.[1];
      const { plan = null } = carried ? await decodePayload<{ plan?: RunPlan | null }>(client, carried) : {};
      if (plan !== null) return plan;
      const asked = event.activityTaskScheduledEventAttributes;
      if (asked?.activityType?.name === 'preflight') scheduled = String(event.eventId);
      const answered = event.activityTaskCompletedEventAttributes;
      const fixed = answered?.result?.payloads?.[0];
      if (fixed && String(answered.scheduledEventId) === scheduled) return await decodePayload(client, fixed);
    }
  } catch {
    // Callers can do without the plan.
  }
  return null;
}
