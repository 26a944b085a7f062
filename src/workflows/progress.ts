import { workflowInfo } from '@temporalio/workflow';
import {
  type RunBooks,
  type RunProgress,
  type RunState,
  type Totals,
  waitsForAPerson,
} from '../contract/progress.js';
import { spentUnfinished } from './budget.js';
import type { Dispatcher } from './dispatcher.js';
import { type RunMemory, stateOf } from './state.js';
import { bottleneckOf } from './waits.js';
import { windowSize } from './window.js';

/** Returns the run's progress now; `state` and `reason` are given when the run has ended. */
export function progressOf(
  memory: RunMemory,
  dispatcher: Dispatcher,
  state?: RunState,
  reason?: string | null,
): RunProgress {
  const now = stateOf(memory, Date.now());
  const booked = (state === undefined && waitsForAPerson(now) && dispatcher.idle() && memory.booked) || null;
  const bottleneck = state === undefined ? bottleneckOf(memory.waits) : null;
  return {
    runId: memory.runId,
    workflowId: workflowInfo().workflowId,
    state: state ?? now.state,
    reason: state === undefined ? now.reason : (reason ?? null),
    totals: booked === null ? { ...memory.totals } : booksInto(memory.totals, booked),
    request: memory.request,
    model: memory.plan?.model ?? null,
    // Plans in older histories have no `expected`.
    expected: memory.planned
      ? memory.totals.selected
      : Math.max(memory.plan?.expected ?? 0, memory.totals.selected),
    planned: memory.planned,
    inFlight: dispatcher.underWay(),
    window: windowSize(memory),
    pacePerMinute: memory.pacePerMinute ?? null,
    uncertainNanos: booked?.uncertainNanos ?? (memory.uncertainNanos ?? 0) + spentUnfinished(memory.queue),
    ...(booked !== null && { booked: true as const }),
    ...(bottleneck !== null && { bottleneck }),
    ...(memory.maxInputs !== undefined && { maxInputs: memory.maxInputs }),
    startedAt: memory.startedAt,
    updatedAt: new Date(Date.now()).toISOString(),
  };
}

/** Returns the amounts of the ledger, the only authority on money. */
export const moneyOf = ({
  requests,
  tokens,
  costNanos,
  unpriced,
}: RunBooks): Pick<Totals, 'requests' | 'tokens' | 'costNanos' | 'unpriced'> => ({
  requests,
  tokens,
  costNanos,
  ...(unpriced > 0 && { unpriced }),
});

/** Returns the totals including the work of unfinished batches. */
const booksInto = (totals: Totals, booked: RunBooks): Totals => ({
  ...totals,
  ...moneyOf(booked),
  stored: Math.max(totals.stored, booked.stored),
  copied: Math.max(totals.copied, booked.copied),
  failed: Math.max(totals.failed, booked.failed),
});
