import type { Catalog } from '../catalog/types.js';
import type { Limiter } from '../embedding/limiter.js';
import type { Pacer } from '../embedding/pacer.js';
import type { Throttle } from '../embedding/throttle.js';
import type { Provider } from '../embedding/types.js';
import type { Store } from '../store/store.js';

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
