/** A judge of what is promised about money: a provider that lies and bills in a file of its own, and plain SQL. */

/** Money is in picodollars (a thousandth of a nanodollar), so that no price is rounded. */
export const PICOS: number;

export interface BillLine {
  /** Epoch ms of the request, and of its answer. */
  at: number;
  until: number;
  keys: string[];
  bytes: number;
  tokens: number;
  picos: number;
  billed: boolean;
  cached: boolean;
  /** The client was given vectors; and told truthfully what was charged. */
  whole: boolean;
  stated: boolean;
  /** An error in the provider's own words. */
  own: boolean;
  answered: number | string;
}

export interface Bill {
  lines: BillLine[];
  picos: number;
  /** How often each text was charged, by its key. */
  times: Map<string, number>;
}

export interface Catalog {
  /** Source text by sample id. */
  texts: Map<number, string>;
  keys: Set<string>;
  /** Key of the one text that some providers stumble over. */
  marked: string | null;
  tokens: number;
}

export interface LedgerAttempt {
  runId: string;
  status: string;
  /** Nanodollars; null: unknown. */
  settled: bigint | null;
  /** Null: no bound. */
  most: bigint | null;
}

export interface Ledger {
  attempts: LedgerAttempt[];
  vectors: Map<number, { text: string; vector: Buffer; runId: string }>;
  failed: number[];
}

// biome-ignore lint/suspicious/noExplicitAny: what a command prints is judged, not trusted
export type Said = Record<string, any>;

export interface Ended {
  /** Exit code, or the signal's name. */
  code: number | string;
  /** Its JSON; null where it printed none. */
  said: Said | null;
  stdout: string;
  stderr: string;
}

export interface Promises {
  lower: true | string;
  upper: true | string;
  cap: string;
  uncertain: 'bounded' | 'any';
  times(retries: number): number;
  timesMarked: ((retries: number) => number) | null;
  fails: number;
  resumes: number;
}

export interface Way {
  name: string;
  says: string;
  start(): object;
  promises: Promises;
}

export interface Evidence {
  promises: Promises;
  retries: number;
  concurrency: number;
  capPicos: number | null;
  capped: boolean;
  codes: (number | string)[];
  reason: string;
  bill: Bill;
  ledger: Ledger;
  catalog: Catalog;
  report: Said | null;
  usage: Ended;
  verify: Ended | undefined;
}

export interface Violation {
  rule: string;
  message: string;
}

export interface Figures {
  bill: number;
  settled: number;
  uncertain: number;
  requests: number;
  dearestRequest: number;
}

export interface Product {
  start(
    args: string[],
    settings?: Record<string, string>,
  ): { child: import('node:child_process').ChildProcess; done: Promise<Ended> };
  run(args: string[], settings?: Record<string, string>): Promise<Ended>;
}

export interface Site {
  folder: string;
  catalogFile: string;
  catalog: Catalog;
  store: string;
  /** `home`: the name of its EMBEDDINGS_HOME; each has a Temporal of its own. */
  product(home: string, settings?: Record<string, string>): Product;
  bill(): Bill;
  close(): Promise<void>;
}

export const WAYS: readonly Way[];
export function wayNamed(name: string): Way;
export function setSite(options: {
  samples: number;
  way?: object;
  latencyMs?: number;
  store?: string;
  settings?: Record<string, string>;
}): Promise<Site>;
export function editCatalog(path: string, samples: number, ids: readonly number[]): Catalog;
export function readLedger(store: string): Promise<Ledger>;
export function runWay(
  way: Way,
  capped: boolean,
  look?: (evidence: Evidence, site: Site) => Promise<void>,
): Promise<{
  capPicos: number | null;
  codes: (number | string)[];
  figures: Figures;
  violations: Violation[];
  seconds: number;
}>;
export function figuresOf(evidence: Pick<Evidence, 'bill' | 'ledger'>): Figures;
export function judge(evidence: Evidence): Violation[];
