import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { RunAttributes } from '../contract/attributes.js';
import type { RunProgress, RunState } from '../contract/progress.js';
import { percentOf } from './markdown.js';

/** The values that were last written to the search attributes. */
export interface Shown {
  state: RunState;
  percent: number;
  someFailed: boolean;
  model: string | null;
}

/** Smallest change worth an update. Each update is an event of the history: a run of any size has some dozens. */
const PERCENT_STEP = 5;

export const shownOf = (progress: RunProgress): Shown => {
  const { stored, unchanged, failed } = progress.totals;
  const { state, model } = progress;
  const percent = percentOf(stored + unchanged + failed, progress.expected);
  return { state, percent, someFailed: failed > 0, model };
};

/** Returns whether `now` differs enough from what was shown to be worth an event. */
export const isNews = (shown: Shown | null, now: Shown): boolean =>
  shown === null ||
  shown.state !== now.state ||
  shown.model !== now.model ||
  shown.someFailed !== now.someFailed ||
  Math.abs(now.percent - shown.percent) >= PERCENT_STEP;

const startedWith = (key: (typeof RunAttributes)['state' | 'model']): boolean =>
  workflowInfo().typedSearchAttributes.get(key) !== undefined;

/** Returns whether this run was started with our search attributes: only then are they surely registered. */
export const mayShow = (): boolean => startedWith(RunAttributes.state);

export function show(progress: RunProgress): void {
  const { state, percent, model } = shownOf(progress);
  const { costNanos, unpriced = 0 } = progress.totals;
  upsertSearchAttributes([
    { key: RunAttributes.state, value: state },
    { key: RunAttributes.percent, value: percent },
    // Removed where the cost is unknown.
    { key: RunAttributes.costUsd, value: unpriced > 0 && costNanos === 0 ? null : costNanos / 1e9 },
    { key: RunAttributes.failed, value: progress.totals.failed },
    // A run with encrypted payloads is started without this attribute.
    ...(model !== null && startedWith(RunAttributes.model)
      ? [{ key: RunAttributes.model, value: model }]
      : []),
  ]);
}
