/** A broken promise: `rule` names which, `message` says it in a sentence. */
export interface Violation {
  rule: string;
  message: string;
}

/** Something was killed: what was in flight then. */
export interface Kill {
  kind: string;
  /** Epoch ms. */
  at: number;
  /** Texts charged and not yet stored, by the provider's names for them. */
  keys: string[];
  /** Texts that pending attempts of the ledger were buying, by content hash. */
  hashes: string[];
}

/** What a second run must leave as it is. */
export interface Snapshot {
  /** SHA-256 of every row of vectors, failures and ledger. */
  digest: string;
  /** Requests that the provider has seen. */
  requests: number;
}

export interface Evidence {
  /** Path of a SQLite catalog. */
  catalog: string;
  /** `file:PATH`, or `http://…` of a libSQL server. */
  store: string;
  /** Path of the sandbox provider's bill. */
  bill: string;
  /** Default: every sample of the catalog. */
  selected?: number[];
  /** Samples that the provider refuses; left out: failures are not questioned. */
  mayFail?: number[];
  /** The last line that the run said with `--json`. */
  report?: Record<string, unknown>;
  /** Default: none, and then no text may be charged twice. */
  kills?: Kill[];
  secondRun?: { before: Snapshot; after: Snapshot };
  secrets?: {
    canaries: string[];
    /** Every file below is looked through. */
    folders: string[];
    /** What was printed, by who printed it. */
    output: Record<string, string>;
    argv: Iterable<string>;
  };
}

/** Every rule that the evidence breaks; empty: sound. Never throws: what cannot be read is a violation too. */
export function judge(evidence: Evidence): Promise<Violation[]>;

/** Taken before and after a second run. */
export function snapshot(places: Pick<Evidence, 'store' | 'bill'>): Promise<Snapshot>;

/** Collects the command lines of all processes until stopped; `stop` gives them. */
export function watchArgv(): { stop(): Set<string> };
