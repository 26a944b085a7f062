import type { TextForm } from '../collections/collection.js';
import type { DocumentForm } from '../collections/document-form.js';
import type { Recipe } from '../contract/generation.js';
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
  /** How its rows become texts, as the worker's own configuration says. */
  form: DocumentForm;
  /** The text of a template, by the rows of this catalog; null: the sample library's own. */
  textOf(template: string | null): TextForm;
  /** What the worker's own configuration makes vectors by. */
  recipe: Recipe;
  log: Log;
  /** Whose work it takes; absent: runs are told of no library, and whoever reads their queue works for them. */
  library?: HeldLibrary;
}

/** The lines a worker writes: a sentence and its fields. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Which library a worker holds, as activities ask for it. */
export interface HeldLibrary {
  collection: string;
  /** Other workers may read the same Temporal: runs go to the queue of their store. */
  routed: boolean;
  /** Resolves once this worker takes work of that store, which is its own. */
  serve(storeId: string): Promise<void>;
  /** Hears that the catalog is not that of the run: it takes no more work for a while. */
  refused(sentence: string): void;
}
