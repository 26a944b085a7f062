import type { RunPlan } from '../contract/plan.js';
import type { InputLimit } from '../domain/input-limit.js';
import type { Limiter } from '../providers/pacing/limiter.js';
import type { BatchClock } from './batch-times.js';
import type { Canary } from './canary.js';
import type { BatchWriter } from './commits.js';
import type { ShownPrices } from './shown-prices.js';

/** What the requests of one batch have in common. */
export interface Purchase {
  plan: RunPlan;
  batchId: string;
  canary: Canary;
  writer: BatchWriter;
  /** What the run's cap holds back for this batch; null: no cap. */
  reservedNanos: number | null;
  /** What a token may cost: bounds are made of it; null: no price is known. */
  nanosPerToken: number | null;
  prices: ShownPrices;
  /** Whatever fails is halved until the samples at fault are alone. */
  isolate: boolean;
  /** Which part of the batch a sample belongs to: its requests hold nothing of another. */
  partOf(id: number): number;
  /** Texts that the provider takes a request. */
  inputs: InputLimit;
  /** Runs a request when the worker and the run have a slot for it. */
  inSlot: Limiter['run'];
  /** Told what a request failed with, before the batch ends: where that blocks the run, nothing that waits is sent. */
  blocked(error: unknown): void;
  clock: BatchClock;
  signal: AbortSignal;
}
