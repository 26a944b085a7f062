import type { Usage, UsageFigures, UsageGrouping } from '../../engines/libsql/usage.js';

const NOTHING: UsageFigures = {
  firstAt: '',
  lastAt: '',
  requests: 0,
  settled: 0,
  failed: 0,
  uncertain: 0,
  pending: 0,
  cached: 0,
  tokens: 0,
  costNanos: 0n,
  providerNanos: 0n,
  priceNanos: 0n,
  unknownCost: 0,
  byok: 0,
  feeNanos: 0n,
  upstreamNanos: 0n,
  uncertainNanos: 0n,
  pendingNanos: 0n,
  atMostNanos: 0n,
};

/** Returns an amount twice: in integer nanodollars, with all digits, and in US dollars. Null: unknown, never 0. */
export const amount = <N extends string>(name: N, nanos: bigint | null) =>
  ({
    [`${name}_nanodollars`]: nanos,
    [`${name}_usd`]: nanos === null ? null : Number(nanos) / 1e9,
  }) as { [key in `${N}_nanodollars`]: bigint | null } & { [key in `${N}_usd`]: number | null };

const figures = (of: UsageFigures) => ({
  first_at: of.firstAt === '' ? null : of.firstAt,
  last_at: of.lastAt === '' ? null : of.lastAt,
  requests: of.requests,
  settled: of.settled,
  failed: of.failed,
  uncertain: of.uncertain,
  pending: of.pending,
  cached: of.cached,
  unknown_cost: of.unknownCost,
  tokens: of.tokens,
  ...amount('cost', of.costNanos),
  ...amount('provider', of.providerNanos),
  ...amount('price', of.priceNanos),
  byok: of.byok,
  ...amount('byok_fee', of.feeNanos),
  ...amount('byok_upstream', of.upstreamNanos),
  ...amount('uncertain', of.uncertainNanos),
  ...amount('pending', of.pendingNanos),
  ...amount('at_most', of.atMostNanos),
});

/**
 * Returns `{ by, rows, total, left_out }`; each row has its `day`, `run` or `model`. Times in ISO UTC, null if there is
 * none. cost ≤ the provider's bill ≤ at_most. `byok` requests used the user's own key at the upstream provider: their
 * cost is the fee and the upstream price.
 */
export const usageJson = (by: UsageGrouping, usage: Usage | null) => ({
  by,
  rows: (usage?.rows ?? []).map((row) => ({ [by]: row.name, ...figures(row) })),
  total: figures(usage?.total ?? NOTHING),
  left_out: usage?.leftOut ?? 0,
});
