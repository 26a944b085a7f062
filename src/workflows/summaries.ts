import type { BatchPlan } from '../contract/plan.js';
import type { RunProgress } from '../contract/progress.js';
import { count, percentOf } from './markdown.js';

/** Summaries of activities and timers, which the Web UI shows beside their type. Temporal allows 400 bytes. */

/** `samples 101–200`; `100 samples, 3–977` where others lie between; `sample 7`. */
export function batchSummary({ ids, count: samples }: Pick<BatchPlan, 'ids' | 'count'>): string {
  const [first, last] = [/^-?\d+/.exec(ids)?.[0], /(?:^|[,-])(-?\d+)$/.exec(ids)?.[1]];
  if (first === undefined || last === undefined) return `${count(samples)} samples`;
  if (samples === 1) return `sample ${first}`;
  return ids.includes(',') ? `${count(samples)} samples, ${first}–${last}` : `samples ${first}–${last}`;
}

export const pageSummary = (after: number | null): string =>
  after === null ? 'plan the first page' : `plan page after id ${after}`;

export const PREFLIGHT_SUMMARY = 'check catalog, store, key and price';

export function mirrorSummary({ state, totals, expected }: RunProgress): string {
  const done = totals.stored + totals.unchanged + totals.failed;
  return `note in the store: ${state}, ${percentOf(done, expected)}%`;
}

export const CONFIRM_SUMMARY = 'count what is stored';

export const GATE_SUMMARY = 'gate closed: the provider asked to wait (429)';
