/** Every kind of problem by its stable name: its meaning, and what `--repair` does about it. */
export const KINDS = {
  wrong_length: { meaning: 'the vector does not have 4 bytes per dimension', cure: 'embed' },
  not_finite: { meaning: 'the vector holds NaN or infinity', cure: 'embed' },
  all_zero: { meaning: 'every value of the vector is 0', cure: 'embed' },
  stale: { meaning: 'catalog or model changed since it was embedded', cure: 'embed' },
  text_mismatch: { meaning: 'stored text and fingerprint differ', cure: 'embed' },
  refused: { meaning: "stale, and the provider refuses today's text", cure: null },
  orphan: { meaning: 'the sample is gone from the catalog', cure: 'remove' },
  ledger_pending: { meaning: 'attempts that no worker will settle any more', cure: 'give up' },
  ledger_total: { meaning: "a run's total and its ledger differ", cure: null },
  ledger_unknown_run: { meaning: 'ledger rows of a run that is not known', cure: null },
  ledger_duplicate: { meaning: 'one answer of the provider was booked twice', cure: null },
  ledger_row: { meaning: 'a settled ledger row contradicts itself', cure: null },
} as const satisfies Record<string, { meaning: string; cure: Cure | null }>;

/** `embed`: by a run of exactly these samples. `remove`: from the store. `give up`: recorded as uncertain. */
export type Cure = 'embed' | 'remove' | 'give up';

export type ProblemKind = keyof typeof KINDS;

export interface Problem {
  kind: ProblemKind;
  /** Null for a problem of the ledger. */
  sampleId: number | null;
  /** The catalog's id where that is text. */
  textId?: string;
  /** One sentence. */
  message: string;
}

export type Counts = Partial<Record<ProblemKind, number>>;
