import type { Settings } from '../../config.js';
import type { RunProgress } from '../../contract/progress.js';
import { withTextIds } from '../../domain/text-ids.js';
import { withStore } from '../../hosting/existing-store.js';
import { isUnknown } from '../../terminal/format.js';
import { failureFields, type NamedFailure } from '../failure-fields.js';

/** Failures in the JSON, at most; `embeddings failures --json` has them all. */
const FAILURES_SHOWN = 10_000;

/** Returns the fields of the old script's progress file, and more. Money in US dollars, times in ISO UTC. */
export function progressFields(progress: RunProgress, failures: readonly NamedFailure[]) {
  const { totals } = progress;
  return {
    run_id: progress.runId,
    state: progress.state,
    reason: progress.reason,
    last_processed_id: totals.lastProcessedId,
    total_processed: totals.stored + totals.unchanged + totals.failed,
    total_selected: totals.selected,
    // Of the whole selection, even during planning.
    total_expected: progress.expected,
    stored: totals.stored,
    unchanged: totals.unchanged,
    failed: totals.failed,
    copied: totals.copied,
    noted: totals.noted,
    pruned: totals.pruned ?? 0,
    requests: totals.requests,
    total_tokens: totals.tokens,
    total_cost_usd: isUnknown(totals) ? null : totals.costNanos / 1e9,
    total_cost_nanodollars: isUnknown(totals) ? null : totals.costNanos,
    requests_of_unknown_cost: totals.unpriced ?? 0,
    failures: failures.map(failureFields),
    planned: progress.planned,
    in_flight: progress.inFlight,
    window: progress.window,
    learned_requests_per_minute: progress.pacePerMinute ?? null,
    bottleneck: progress.bottleneck ?? null,
    learned_inputs_per_request: progress.maxInputs ?? null,
    uncertain_cost_nanodollars: progress.uncertainNanos ?? 0,
    model: progress.model,
    selection: progress.request.selection,
    schedule: progress.request.scheduledBy?.schedule ?? null,
    started_at: progress.startedAt,
    updated_at: progress.updatedAt,
  };
}

/** Returns the same with the failures from the store. */
export async function statusJson(settings: Settings, progress: RunProgress) {
  const failures = progress.totals.failed === 0 ? [] : await recentFailures(settings);
  return progressFields(progress, failures);
}

export const recentFailures = async (settings: Settings, limit = FAILURES_SHOWN): Promise<NamedFailure[]> =>
  (await withStore(settings, async (store) =>
    withTextIds(store, await store.listFailures({ after: null, limit })),
  ).catch(() => null)) ?? [];
