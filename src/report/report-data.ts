/** What the report shows. Money in nanodollars; null: nobody tells. */
export interface ReportData {
  madeAt: string;
  samples: number;
  stored: number;
  failed: number;
  costNanos: number | null;
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
  genres: { name: string; samples: number; stored: number }[];
}
