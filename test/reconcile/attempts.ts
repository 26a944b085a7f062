import type { ActivityRow, LedgerAttempt } from '../../src/reconcile/types.js';

export const MODEL = 'openai/text-embedding-3-small';
export const DAY = '2026-11-20';

let made = 0;

/** A settled attempt of 100 tokens at 20 nanodollars, at noon. */
export const attempt = (change: Partial<LedgerAttempt> = {}): LedgerAttempt => {
  const requestId = `r${made++}`;
  const tokens = change.tokens === undefined ? 100n : change.tokens;
  const costNanos = tokens === null ? null : tokens * 20n;
  return {
    requestId,
    runId: 'run-1',
    operation: 'embeddings',
    model: MODEL,
    status: 'settled',
    createdAt: `${DAY}T12:00:00.000Z`,
    settledAt: `${DAY}T12:00:01.000Z`,
    tokens,
    costNanos,
    mostNanos: costNanos,
    upstreamNanos: null,
    cached: false,
    providerId: null,
    ...change,
  };
};

/** Without an answer, at most `most` nanodollars. */
export const open = (most: bigint | null, change: Partial<LedgerAttempt> = {}): LedgerAttempt =>
  attempt({ status: 'uncertain', tokens: null, costNanos: null, mostNanos: most, ...change });

/** Under way at the midnight that ends DAY. */
export const OVER_MIDNIGHT = {
  createdAt: `${DAY}T23:59:58.000Z`,
  settledAt: '2026-11-21T00:00:02.000Z',
} as const;

/** A day's row of GET /activity. */
export const row = (requests: number, tokens: bigint, change: Partial<ActivityRow> = {}): ActivityRow => ({
  day: DAY,
  names: [MODEL],
  requests,
  tokens,
  costNanos: tokens * 20n,
  byokNanos: 0n,
  providerId: null,
  app: null,
  ...change,
});
