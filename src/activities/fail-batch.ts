import { expandIds } from '../catalog/sample-ids.js';
import type { EmbedBatchResult, FailBatchInput } from '../contract.js';
import type { Dependencies } from './dependencies.js';
import { noteFailures } from './note-failures.js';
import { renderSample, standing } from './samples.js';

/** Writes the samples of a batch that used up its retries down as failed; those stored meanwhile keep their vector. */
export const createFailBatch =
  ({ catalog, store, throttle }: Dependencies) =>
  async ({ plan, batchId, ids, reason, message, attempts }: FailBatchInput): Promise<EmbedBatchResult> => {
    const wanted = expandIds(ids);
    const samples = new Map((await catalog.readIds(wanted)).map((row) => [row.id, renderSample(row, plan)]));
    const stored = new Map((await store.storedRows(wanted)).map((row) => [row.sampleId, row]));
    const done = wanted.filter((id) => {
      const sample = samples.get(id);
      return sample !== undefined && standing(sample, stored.get(id), plan) === 'ours';
    });
    const failed = wanted.filter((id) => !done.includes(id));
    const { account } = await store.commit({
      runId: plan.runId,
      batchId,
      model: plan.model,
      runStartedAt: plan.startedAt,
      fence: await store.fence({ runId: plan.runId, batchId }),
      vectors: [],
      copies: [],
      settlements: [],
      notedDelta: 0,
      failures: failed.map((sampleId) => ({
        sampleId,
        reason,
        message,
        contentHash: samples.get(sampleId)?.hash ?? null,
        permanent: false,
        attempts,
      })),
    });
    return {
      ...account,
      stored: done.length,
      copied: 0,
      unchanged: 0,
      failed: failed.length,
      noted: 0,
      pacePerMinute: throttle.perMinute,
      lastId: wanted.at(-1) ?? null,
      ...noteFailures(failed.map((sampleId) => ({ sampleId, reason, message }))),
    };
  };
