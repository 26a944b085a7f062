/**
 * Records the newest run under an EMBEDDINGS_HOME as a history to replay for ever:
 *   node test/replay/record.mjs .embeddings/demo 0.1.0-demo
 * or another workflow there, by its id:
 *   node test/replay/record.mjs .embeddings 0.1.0-schedule schedule-nightly-2026-11-23T13:00:00Z
 */
import { writeFileSync } from 'node:fs';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { loadSettings } from '../../dist/config.js';
import { connectClient } from '../../dist/hosting/client.js';
import { embeddedTemporal } from '../../dist/hosting/temporal.js';

const [home, name, workflowId = 'embed-samples'] = process.argv.slice(2);
if (home === undefined || name === undefined)
  throw new Error('usage: record.mjs EMBEDDINGS_HOME NAME [WORKFLOW_ID]');
const settings = { ...loadSettings({ ...process.env, EMBEDDINGS_HOME: home }), environment: {} };
const target = await embeddedTemporal(settings, console.error);
const client = await connectClient(target);
const history = historyToJSON(await client.workflow.getHandle(workflowId).fetchHistory());
// Who recorded it is nobody's business: a worker's own queue is named after its machine, and traces name its folders.
const anonymous = JSON.stringify(
  JSON.parse(history),
  (key, value) => {
    if (key === 'identity' || (key === 'name' && /^\d+@/.test(value))) return 'recorder';
    return key === 'stackTrace' ? '' : value;
  },
  1,
);
writeFileSync(new URL(`histories/${name}.json`, import.meta.url), `${anonymous}\n`);
await client.connection.close();
await target.end();
