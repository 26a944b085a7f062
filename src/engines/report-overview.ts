/** Totals of ledger, runs, failures and texts for `embeddings report`. Money in nanodollars; null: unknown. */
export interface ReportOverview {
  stored: number;
  failed: number;
  costNanos: number | null;
  /** Settled requests of unknown cost. */
  unpriced: number;
  tokens: number;
  days: { day: string; costNanos: number | null; tokens: number; requests: number }[];
  runs: {
    runId: string;
    startedAt: string;
    seconds: number;
    state: string;
    stored: number;
    requests: number;
    failedRequests: number;
    uncertain: number;
    costNanos: number | null;
  }[];
  failures: { reason: string; count: number }[];
  /** Texts by length in characters: how many from `from` to `to`. */
  lengths: { from: number; to: number; count: number }[];
}
