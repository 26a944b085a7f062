import type { Explanation } from '../../explain/explain-sample.js';

/** Returns the JSON answer. Money in integer nanodollars, times as stored (UTC); null: not known. `sample`: its id. */
export const explanationJson = (of: Explanation, sample: number | string) => ({
  sample_id: sample,
  model: of.model,
  dimensions: of.dimensions,
  text: of.today?.text ?? null,
  tokens: of.today?.tokens ?? null,
  fingerprint: of.today?.hash ?? null,
  notes: of.today?.notes ?? [],
  ...(of.file !== null && { path: of.file.path, origins: of.file.fields, left_out: of.file.leftOut }),
  stored:
    of.stored === null
      ? null
      : {
          stored_at: of.stored.storedAt,
          model: of.stored.model,
          dimensions: of.stored.vectorBytes / 4,
          fingerprint: of.stored.contentHash,
          text: of.stored.text,
          run_id: of.stored.runId,
          run_started_at: of.run?.startedAt ?? null,
          cost_nanodollars: of.costNanos,
        },
  failure:
    of.failure === null
      ? null
      : {
          reason: of.failure.reason,
          message: of.failure.message,
          timestamp: of.failure.failedAt,
          attempts: of.failure.attempts,
          permanent: of.failure.permanent,
        },
  next_run: { does: of.next, because: of.because, cost_nanodollars: of.nextCostNanos },
});
