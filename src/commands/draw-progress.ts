import type { RunProgress } from '../contract/progress.js';
import type { Progress } from '../terminal/progress.js';

/** Draws how far a run is. */
export function drawProgress(bar: Progress, progress: RunProgress): void {
  const { totals, state, reason } = progress;
  bar.update({
    done: doneOf(progress),
    total: progress.expected,
    costNanos: totals.costNanos,
    ...(totals.unpriced !== undefined && { unpriced: totals.unpriced }),
    state,
    ...(reason !== null && { detail: reason }),
  });
}

/** Returns the number of samples that the run has finished with. */
export const doneOf = ({ totals }: RunProgress): number => totals.stored + totals.unchanged + totals.failed;
