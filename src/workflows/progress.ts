import { workflowInfo } from '@temporalio/workflow';
import type { RunMoney, RunProgress, RunState, Totals } from '../contract.js';
import { spentUnfinished } from './budget.js';
import type { Dispatcher } from './dispatcher.js';
import { type RunMemory, stateOf } from './state.js';
import { windowSize } from './window.js';

/** What the run would say of itself now; `state` and `reason` are given when it is over. */
export function progressOf(
  memory: RunMemory,
  dispatcher: Dispatcher,
  state?: RunState,
  reason?: string | null,
): RunProgress {
  const now = stateOf(memory, Date.now());
  const waits = now.state === 'paused' || now.state === 'blocked';
  const booked = (state === undefined && waits && dispatcher.idle() && memory.booked) || null;
  return {
    runId: memory.runId,
    workflowId: workflowInfo().workflowId,
    state: state ?? now.state,
    reason: state === undefined ? now.reason : (reason ?? null),
    totals: { ...memory.totals, ...(booked !== null && moneyOf(booked)) },
    request: memory.request,
    model: memory.plan?.model ?? null,
    // Histories from before it was counted have none.
    expected: memory.planned
      ? memory.totals.selected
      : Math.max(memory.plan?.expected ?? 0, memory.totals.selected),
    planned: memory.planned,
    inFlight: dispatcher.underWay(),
    window: windowSize(memory.window),
    pacePerMinute: memory.pacePerMinute ?? null,
    uncertainNanos: booked?.uncertainNanos ?? (memory.uncertainNanos ?? 0) + spentUnfinished(memory.queue),
    ...(booked !== null && { booked: true as const }),
    startedAt: memory.startedAt,
    updatedAt: new Date(Date.now()).toISOString(),
  };
}

/** The ledger is the one account of money. */
export const moneyOf = ({
  requests,
  tokens,
  costNanos,
  unpriced,
}: RunMoney): Pick<Totals, 'requests' | 'tokens' | 'costNanos' | 'unpriced'> => ({
  requests,
  tokens,
  costNanos,
  ...(unpriced > 0 && { unpriced }),
});
