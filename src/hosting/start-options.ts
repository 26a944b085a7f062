import type { WorkflowStartOptions } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { Settings } from '../config.js';
import { taskQueueOf, workflowIdOf } from '../contract/names.js';
import type { RunRequest } from '../contract/request.js';
import { describeSelection } from '../contract/request.js';
import { configuredTemporal } from './temporal.js';

/** Returns how Temporal starts a run: its id, input and memo, and what the Web UI shows from the first moment. */
export const startOptions = (
  request: RunRequest,
  settings: Settings,
  attributes: SearchAttributePair[],
): WorkflowStartOptions => ({
  workflowId: workflowIdOf(settings.collection.name, settings.building),
  taskQueue: taskQueueOf(settings.collection.name),
  args: [request],
  memo: { request },
  ...describeStart(request, settings),
  ...(attributes.length > 0 && { typedSearchAttributes: attributes }),
});

/** Returns the summary (one line) and details (Markdown) of a requested run. */
export function describeStart(
  request: RunRequest,
  settings: Settings,
): { staticSummary: string; staticDetails: string } {
  const model = knownModel(settings);
  const what = describeSelection(request);
  const { batchSize, concurrency, maxRetries, maxCostNanos, onBlocked } = request;
  const facts: [string, string][] = [
    ['Batches', `up to ${batchSize} samples a request, ${concurrency} requests in flight in each worker`],
    ['Retries', `${maxRetries} of a batch after its first attempt`],
    ['Cap on cost', maxCostNanos === null ? 'none' : `\`$${maxCostNanos / 1e9}\`: the run pauses before it`],
    ['When blocked', onBlocked === 'fail' ? 'it fails, with the cause' : 'it waits for `embeddings resume`'],
    ['Follow', '`embeddings status --watch`; why samples failed: `embeddings failures`'],
    ['Steer', '`embeddings pause`, `resume`, `cancel`'],
  ];
  return {
    staticSummary: model === null ? what : `${what} · ${model}`,
    staticDetails: [
      `Embeds **${what}**; what is up to date is neither sent nor paid.`,
      '',
      ...facts.map(([name, value]) => `- **${name}** ${value}`),
    ].join('\n'),
  };
}

/** `text-embedding-3-small`; null when only the workers know: their setting counts, not the client's default. */
function knownModel(settings: Settings): string | null {
  const ours = configuredTemporal(settings) === null || settings.environment.EMBEDDING_MODEL !== undefined;
  // The summary is rendered as Markdown.
  return ours ? settings.model.replace(/^.*\//, '').replace(/[^\w.:-]/g, '') : null;
}
