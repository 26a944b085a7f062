import type { Store } from '../engines/store.js';
import type { Limiter } from '../providers/pacing/limiter.js';
import type { Pacer } from '../providers/pacing/pacer.js';
import type { Throttle } from '../providers/pacing/throttle.js';
import type { Provider } from '../providers/types.js';
import type { Catalog } from '../sources/types.js';

/** The parts that activities work with; tests hand in others. */
export interface Dependencies {
  catalog: Catalog;
  store: Store;
  provider: Provider;
  /** Requests in flight in this worker. */
  limiter: Limiter;
  /** Keeps sending under the stated limits. */
  pacer: Pacer;
  /** Closes on a 429 and learns from it. */
  throttle: Throttle;
  /** The worker's own settings: preflight fixes them for the whole run. */
  model: string;
  dimensions: number;
  log: Log;
}

/** The lines a worker writes: a sentence and its fields. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
