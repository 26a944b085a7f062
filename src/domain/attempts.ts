import { randomUUID } from 'node:crypto';
import type { RunPlan } from '../contract/plan.js';
import type { Attempt } from '../engines/types.js';
import type { Parcel } from './pack-requests.js';

export const boundTokensOf = (group: readonly Parcel[]): number =>
  group.reduce((sum, parcel) => sum + parcel.tokensBound, 0);

/** Creates the ledger's rows of one batch. `nanosPerToken`: what a token may cost; null: no price is known. */
export function createAttempts(
  { runId, model }: Pick<RunPlan, 'runId' | 'model'>,
  batchId: string,
  nanosPerToken: number | null,
) {
  const boundOf = (tokens: number): number | null =>
    nanosPerToken === null ? null : Math.ceil(tokens * nanosPerToken);
  const of = (hashes: readonly string[], tokensBound: number): Attempt => ({
    requestId: randomUUID(),
    runId,
    batchId,
    model,
    operation: 'embeddings',
    boundNanos: boundOf(tokensBound),
    boundTokens: tokensBound,
    hashes,
  });
  return {
    /** Returns what this many tokens may cost, in integer nanodollars. */
    boundOf,
    of,
    ofGroup: (group: readonly Parcel[]): Attempt =>
      of(
        group.map((parcel) => parcel.hash),
        boundTokensOf(group),
      ),
  };
}
