/** A web backend's file, as its author would write it. */
export const CONSUMER = `import { openSampleSearch, type SampleHit, searchSamples } from 'sample-embeddings';

const connection = {
  storeUrl: process.env.STORE as string,
  catalogUrl: process.env.CATALOG as string,
  apiKey: 'sk-canary',
  baseUrl: process.env.BASE_URL as string,
};
const hits: SampleHit[] = await searchSamples('warm jazz', { ...connection, limit: 3 });
const search = await openSampleSearch(connection);
const near = await search.similar(hits[0]?.sample_id ?? 0, { limit: 2 });
const words = await search.search('jazz', { mode: 'text', filter: { genre: 'jazz' } });
const wrong = await search.search('').catch((error: Error) => error.message);
await search.close();
console.log(JSON.stringify({ hits, near, words, wrong }));
`;

/** Somebody's worker that carries our runs; replayed, since that needs no server. */
export const WORKER = `import { readFileSync } from 'node:fs';
import { Worker } from '@temporalio/worker';
import { createActivities, loadSettings, openDependencies } from 'sample-embeddings/activities';
import { openWorker } from 'sample-embeddings/worker';
import { TASK_QUEUE, WORKFLOW_ID, workflowBundle } from 'sample-embeddings/workflows';

const parts = await openDependencies(loadSettings(), console);
const activities = Object.keys(createActivities(parts));
await parts.close();
const history = JSON.parse(readFileSync(process.env.HISTORY as string, 'utf8'));
await Worker.runReplayHistory({ workflowBundle }, history, WORKFLOW_ID);
const withoutTemporal = await openWorker().then(
  () => '',
  (error: Error) => error.message,
);
console.log(JSON.stringify({ replayed: true, activities, taskQueue: TASK_QUEUE, withoutTemporal }));
`;
