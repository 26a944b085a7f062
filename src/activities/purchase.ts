import type { RunPlan } from '../contract/plan.js';
import type { InputLimit } from '../domain/input-limit.js';
import type { Limiter } from '../providers/pacing/limiter.js';
import type { BatchClock } from './batch-times.js';
import type { Canary } from './canary.js';
import type { BatchWriter } from './commits.js';
import type { ShownPrices } from './shown-prices.js';

/** What all requests of one batch share. */
export interface Purchase {
  plan: RunPlan;
  batchId: string;
  canary: Canary;
  writer: BatchWriter;
  /** Nanodollars that the run reserved for this batch; null: no cap. */
  reservedNanos: number | null;
  /** Price from which bounds are computed, nanodollars a token; null: no price is known. */
  nanosPerToken: number | null;
  prices: ShownPrices;
  /** Whether failed requests are halved until the samples at fault are alone. */
  isolate: boolean;
  /** Returns the part of the batch that a sample belongs to. A request holds samples of one part only. */
  partOf(id: number): number;
  /** How many texts the provider accepts in one request. */
  inputs: InputLimit;
  /** Runs a request once the worker and the run have a free slot. */
  inSlot: Limiter['run'];
  /** Called with a request's error before the batch ends. If it blocks the run, waiting requests are not sent. */
  blocked(error: unknown): void;
  clock: BatchClock;
  signal: AbortSignal;
}
