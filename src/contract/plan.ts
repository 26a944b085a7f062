import type { PlannedGeneration } from './generation.js';

/** Up to `batchSize` samples for each of its parts, as ids in the compact form of `--sample-ids`. */
export interface BatchPlan {
  id: string;
  ids: string;
  count: number;
  /** Samples of each planned batch that was joined into it, in order; absent: it is a planned batch itself. */
  parts?: number[];
  /** Upper bound of its tokens: reserved against `--max-cost` before it is sent. */
  tokensBound: number;
  /** Nanodollars reserved for it where its tokens do not say: what it cost so far, and what it may cost yet. */
  reserveNanos?: number;
  /** Of `reserveNanos`, what its attempts so far may have cost. */
  spentNanos?: number;
  /** Sent before and given back: what it may have cost stays reserved. */
  begun?: boolean;
  /** Times it was given back because its worker vanished; bounded, so that a batch that kills workers ends. */
  lost?: number;
  /** Tries that failed in activities which ended without a result: the next activity has so many fewer. */
  tries?: number;
  /** Times the provider answered 429 to it; bounded likewise. */
  limited?: number;
  /** How many batches had passed when it last met a 429. */
  limitedAt?: number;
  /** Its retries are used up: find the samples at fault by halving, once a canary request has passed. */
  isolate?: boolean;
  /** How many batches had passed when its retries were used up. */
  passedBefore?: number;
}

/** Settings that every batch of a run shares, fixed by preflight so that workers with other settings agree. */
export interface RunPlan {
  runId: string;
  /** ISO time, UTC: fences late writers of older runs. */
  startedAt: string;
  model: string;
  dimensions: number;
  /** Nanodollars a token; null when no price is known. */
  nanosPerToken: number | null;
  /** Whether the provider itself lists that price: then it can be told to charge no more. */
  priceIsListed?: boolean;
  /** Tokens of one text that the model takes, where that can be told. */
  maxInputTokens?: number;
  batchSize: number;
  reset: boolean;
  /** Absent in runs that began before there were generations: they write the first one. */
  generation?: PlannedGeneration;
  /**
   * The library of the run: only workers that hold it take its work. Absent in runs that began before version 0.2, and
   * where a program made its own worker.
   */
  library?: Library;
  /** Samples that the selection holds, as counted before planning: for progress bars. */
  expected: number;
}

/** A store and the catalog that belongs to it, wherever they lie. */
export interface Library {
  /** The store's own id. */
  store: string;
  /** What the catalog holds, for other workers to compare theirs with. */
  catalog: CatalogMark;
  /**
   * Its work goes to a task queue of its own. Absent: to the queue of the run, as in one-command mode, where nobody else
   * reads it: Temporal then hands activities out with the workflow's own answers, which is faster.
   */
  routed?: boolean;
  /** Equal for workers that make the same texts of the rows; absent: the sample library's own. */
  form?: string;
}

export interface CatalogMark {
  /** Hash of where the first worker read it: that place is never another catalog. */
  place: string;
  /** Some of its rows: the id, and a hash of what names the row. */
  rows: [id: number, hash: string][];
}
