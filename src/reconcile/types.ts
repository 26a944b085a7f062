import type { LedgerAttempt } from '../engines/libsql/attempt-reads.js';

export type { LedgerAttempt };

/** Figures of some requests. Money in integer nanodollars, exact at any size. */
export interface Figures {
  requests: number;
  tokens: bigint;
  costNanos: bigint;
}

/** Requests that the provider counts for one model on one day. */
export interface ActivityRow extends Figures {
  /** YYYY-MM-DD, UTC. */
  day: string;
  /** The provider's names of the model: the requested one, and its permanent name. */
  names: readonly string[];
  /** The part of `costNanos` that a key of the account's own paid to the model's provider. */
  byokNanos: bigint;
  /** The provider's id of this one request; null when the row sums several. */
  providerId: string | null;
  /** The program that sent the request, by its own name; null when not stated. */
  app: string | null;
}

/** The provider's activity. `from` and `to`: the days that it covers, both included; null: the days of its rows. */
export interface Activity {
  rows: ActivityRow[];
  from: string | null;
  to: string | null;
}

export const KINDS = {
  midnight: 'under way at midnight (UTC): counted on the other day',
  uncertain: 'whose answers got lost, billed all the same, within their bounds',
  pending: 'not ended in the ledger yet, billed within their bounds',
  unpriced: 'answered without a cost that can be relied on, billed within their bounds',
  failed: 'refused, counted as requests by the provider, not billed',
  cached: "free from the provider's cache, not counted by it",
  upstream: 'booked by an earlier version without what the key of your own paid upstream',
  rounding: 'fractions of a nanodollar',
  otherProgram: 'requests of other programs, as the provider names them',
  sharedKey: 'more than the ledger has: of others with the same key, as --shared-key says',
} as const;

export type ExplanationKind = keyof typeof KINDS;

/** A part of a difference and its cause. Figures are provider minus ledger. */
export interface Explanation extends Figures {
  kind: ExplanationKind;
  /** Request ids of the attempts concerned. */
  attempts: string[];
  /** How many of these attempts it uses; fewer than all when it is not known which. */
  of: number;
}

/** One model on one day: the provider's figures, the ledger's, and why they differ. */
export interface Cell {
  day: string;
  model: string;
  provider: Figures & { byokNanos: bigint };
  /** Answered attempts that were started on that day, searches included. */
  ledger: Figures & { searches: number; upstreamNanos: bigint };
  verdict: 'same' | 'explained' | 'unexplained';
  explanations: Explanation[];
  /** Provider minus ledger, after the explanations; all 0 when nothing is unexplained. */
  rest: Figures;
}

export interface Reconciliation {
  /** The days compared, both included. */
  from: string;
  to: string;
  cells: Cell[];
  /** Models of the account that the ledger has never used. */
  otherModels: (Figures & { model: string })[];
  /** Today's rows of the activity, not compared, as the day is not over. */
  incomplete: Figures | null;
  /** Answered or open attempts on days that the activity does not cover. */
  outside: number;
  unexplained: number;
}

export const NOTHING: Figures = { requests: 0, tokens: 0n, costNanos: 0n };

export const plus = (a: Figures, b: Figures): Figures => ({
  requests: a.requests + b.requests,
  tokens: a.tokens + b.tokens,
  costNanos: a.costNanos + b.costNanos,
});

export const minus = (a: Figures, b: Figures): Figures => ({
  requests: a.requests - b.requests,
  tokens: a.tokens - b.tokens,
  costNanos: a.costNanos - b.costNanos,
});

export const isZero = ({ requests, tokens, costNanos }: Figures): boolean =>
  requests === 0 && tokens === 0n && costNanos === 0n;
