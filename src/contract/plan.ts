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
  /** Nanodollars reserved for it, if not given by its tokens: what it cost so far, and what it may still cost. */
  reserveNanos?: number;
  /** Of `reserveNanos`, what its attempts so far may have cost. */
  spentNanos?: number;
  /** Sent before and returned unfinished: what it may have cost stays reserved. */
  begun?: boolean;
  /** Times it was returned because its worker vanished; limited, so that a batch that kills workers ends. */
  lost?: number;
  /** Attempts that failed in activities that ended without a result; the next activity has that many fewer. */
  tries?: number;
  /** Times the provider answered 429 to it; limited likewise. */
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
  /** Most tokens of one text that the model accepts; absent: unknown. */
  maxInputTokens?: number;
  batchSize: number;
  reset: boolean;
  /** Absent in runs that began before there were generations: they write the first one. */
  generation?: PlannedGeneration;
  /**
   * The library of the run: only workers that have it take its work. Absent in runs that began before version 0.2, and
   * if a program created its own worker.
   */
  library?: Library;
  /** Samples that the selection holds, as counted before planning: for progress bars. */
  expected: number;
}

/** A store and its catalog, independent of their addresses. */
export interface Library {
  /** The store's own id. */
  store: string;
  /** A mark of the catalog's content, with which other workers compare theirs. */
  catalog: CatalogMark;
  /**
   * Its work goes to a separate task queue. Absent: to the queue of the run, as in one-command mode, where no other
   * worker polls it. Temporal then returns activities in the response to a workflow task, which is faster.
   */
  routed?: boolean;
  /** Equal for workers that render the same texts from the rows; absent: the sample library's own. */
  form?: string;
}

export interface CatalogMark {
  /** Hash of the place where the first worker read it; the same place is always the same catalog. */
  place: string;
  /** Some of its rows: the id, and a hash of what names the row to a person. */
  rows: [id: number, hash: string][];
}
