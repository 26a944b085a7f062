import type { EmbedBatchResult, FailBatchInput } from '../contract/activities.js';
import { noteFailures } from '../domain/note-failures.js';
import { compareStored, renderSample } from '../domain/samples.js';
import { expandIds } from '../sources/sample-ids.js';
import { createBatchClock } from './batch-times.js';
import { createBatchWriter, createUnsaved } from './commits.js';
import type { Dependencies } from './dependencies.js';
import { forPlan } from './for-plan.js';
import { withHeartbeat } from './heartbeat.js';

/** Creates the activity that records a batch's samples as failed; samples stored meanwhile keep their vector. */
export const createFailBatch =
  (dependencies: Dependencies) =>
  ({ plan, batchId, ids, reason, message, attempts }: FailBatchInput): Promise<EmbedBatchResult> =>
    withHeartbeat(async () => {
      const { catalog, store, throttle, form } = forPlan(dependencies, plan);
      const wanted = expandIds(ids);
      const samples = new Map(
        (await catalog.readIds(wanted)).map((row) => [row.id, renderSample(row, plan, form)]),
      );
      // This also ends claims that a killed worker left pending, so that no other batch waits for them.
      const fence = await store.fence({ runId: plan.runId, batchId });
      const stored = new Map((await store.storedRows(wanted)).map((row) => [row.sampleId, row]));
      const isStored = (id: number): boolean => {
        const sample = samples.get(id);
        return sample !== undefined && compareStored(sample, stored.get(id), plan) === 'ours';
      };
      const failed = wanted.filter((id) => !isStored(id));
      const writer = createBatchWriter(store, {
        plan,
        batchId,
        unsaved: createUnsaved(),
        clock: createBatchClock(),
      });
      writer.underFence(fence);
      const { account } = await writer.write({
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
        stored: wanted.length - failed.length,
        copied: 0,
        unchanged: 0,
        failed: failed.length,
        noted: 0,
        pacePerMinute: throttle.perMinute,
        lastId: wanted.at(-1) ?? null,
        ...noteFailures(failed.map((sampleId) => ({ sampleId, reason, message }))),
      };
    });
