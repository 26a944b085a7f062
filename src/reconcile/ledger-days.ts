import { candidateDays, homeDay } from './days.js';
import { type Figures, type LedgerAttempt, NOTHING, plus } from './types.js';

/** One model's attempts on the days of the comparison. */
export interface ModelLedger {
  /** Answered attempts by the day of their start, as in `usage --by day`. */
  home: Map<string, Figures & { searches: number; upstreamNanos: bigint }>;
  /** Answered attempts that can only have been counted on that day. */
  fixed: Map<string, Figures>;
  /** Attempts that may have been counted on one of several days, except refused ones. */
  movable: LedgerAttempt[];
  /** Attempts that may explain a difference, by their special state. */
  special: Record<'unpriced' | 'uncertain' | 'pending' | 'failed' | 'cached', LedgerAttempt[]>;
  /** Answered attempts without an upstream amount; collected only on request. */
  withoutUpstream: LedgerAttempt[];
}

const emptyLedger = (): ModelLedger => ({
  home: new Map(),
  fixed: new Map(),
  movable: [],
  special: { unpriced: [], uncertain: [], pending: [], failed: [], cached: [] },
  withoutUpstream: [],
});

/** Returns the figures of an answered attempt; unknown ones count as 0. */
export const figuresOf = ({ tokens, costNanos }: LedgerAttempt): Figures => ({
  requests: 1,
  tokens: tokens ?? 0n,
  costNanos: costNanos ?? 0n,
});

export interface LedgerOfDays {
  models: Map<string, ModelLedger>;
  /** Attempts, except refused ones, that no day of the comparison can have counted. */
  outside: number;
}

/** Sorts attempts by model and day. Certain figures are only summed, so that memory does not grow with the ledger. */
export async function ledgerOfDays(
  attempts: AsyncIterable<LedgerAttempt> | Iterable<LedgerAttempt>,
  { from, to, upstream }: { from: string; to: string; upstream: boolean },
): Promise<LedgerOfDays> {
  const models = new Map<string, ModelLedger>();
  let outside = 0;
  for await (const attempt of attempts) {
    const ledger = models.get(attempt.model) ?? emptyLedger();
    models.set(attempt.model, ledger);
    const days = candidateDays(attempt);
    if (!days.some((day) => day >= from && day <= to)) {
      if (attempt.status !== 'failed') outside += 1;
      continue;
    }
    enter(ledger, attempt, days, upstream);
  }
  return { models, outside };
}

function enter(ledger: ModelLedger, attempt: LedgerAttempt, days: string[], upstream: boolean): void {
  const { special } = ledger;
  if (attempt.status === 'pending') special.pending.push(attempt);
  else if (attempt.status === 'failed') special.failed.push(attempt);
  else if (attempt.status !== 'settled') special.uncertain.push(attempt);
  if (days.length > 1 && attempt.status !== 'failed') ledger.movable.push(attempt);
  if (attempt.status !== 'settled') return;

  const day = homeDay(attempt);
  const figures = figuresOf(attempt);
  const home = ledger.home.get(day) ?? { ...NOTHING, searches: 0, upstreamNanos: 0n };
  ledger.home.set(day, {
    ...plus(home, figures),
    searches: home.searches + (attempt.operation === 'search' ? 1 : 0),
    upstreamNanos: home.upstreamNanos + (attempt.upstreamNanos ?? 0n),
  });
  if (days.length === 1) ledger.fixed.set(day, plus(ledger.fixed.get(day) ?? NOTHING, figures));
  const { mostNanos, costNanos } = attempt;
  if (attempt.cached) special.cached.push(attempt);
  else if (costNanos === null || (mostNanos !== null && mostNanos > costNanos))
    special.unpriced.push(attempt);
  if (upstream && attempt.upstreamNanos === null && costNanos !== null) ledger.withoutUpstream.push(attempt);
}
