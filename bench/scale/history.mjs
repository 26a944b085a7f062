import { loadSettings } from '../../dist/config.js';
import { connectClient } from '../../dist/hosting/client.js';
import { embeddedTemporal } from '../../dist/hosting/temporal.js';

/** Returns events and bytes of the largest history of a run's executions, the largest payload, and their number. */
export async function histories(env) {
  const settings = loadSettings({ ...process.env, ...env });
  const target = await embeddedTemporal(settings, () => undefined);
  const client = await connectClient(target);
  try {
    const seen = { executions: 0, events: 0, bytes: 0, payload: 0 };
    for await (const each of client.workflow.list()) {
      const handle = client.workflow.getHandle(each.workflowId, each.runId);
      const { historyLength, historySize } = await handle.describe();
      const { events } = await handle.fetchHistory();
      seen.executions += 1;
      seen.events = Math.max(seen.events, Number(historyLength));
      seen.bytes = Math.max(seen.bytes, Number(historySize ?? 0));
      seen.payload = Math.max(seen.payload, ...events.map(largestPayload));
    }
    return seen;
  } finally {
    await client.connection.close();
    await target.end();
  }
}

/** Returns the bytes of the largest `data` anywhere in an event. */
function largestPayload(value) {
  if (value instanceof Uint8Array) return value.length;
  if (value === null || typeof value !== 'object') return 0;
  return Math.max(0, ...Object.values(value).map(largestPayload));
}
