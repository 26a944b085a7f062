import type { RunPlan } from '../contract/plan.js';
import type { Claim } from '../engines/types.js';
import type { MeasuredSample } from './measure.js';
import { compareStored } from './samples.js';

export interface SortedBatch {
  /** Stored by this run already: an earlier attempt's work. */
  ours: MeasuredSample[];
  /** Brought up to date after they were planned. */
  unchanged: MeasuredSample[];
  /** Failed permanently in an earlier attempt of this run whose report was lost: not sent again. */
  refused: MeasuredSample[];
  /** Text bought before: copy the vector. */
  copy: MeasuredSample[];
  /** Text that another batch is buying right now. */
  elsewhere: MeasuredSample[];
  buy: MeasuredSample[];
}

/** Sorts each sample into exactly one class. */
export function sortBatch(samples: readonly MeasuredSample[], claim: Claim, plan: RunPlan): SortedBatch {
  const stored = new Map(claim.stored.map((row) => [row.sampleId, row]));
  const sorted: SortedBatch = { ours: [], unchanged: [], refused: [], copy: [], elsewhere: [], buy: [] };
  for (const sample of samples) {
    const is = compareStored(sample, stored.get(sample.id), plan);
    if (is === 'ours') sorted.ours.push(sample);
    else if (is === 'current') sorted.unchanged.push(sample);
    else if (claim.refused.get(sample.id)?.contentHash === sample.hash) sorted.refused.push(sample);
    else if (claim.available.has(sample.hash)) sorted.copy.push(sample);
    else if (claim.pendingElsewhere.has(sample.hash)) sorted.elsewhere.push(sample);
    else sorted.buy.push(sample);
  }
  return sorted;
}
