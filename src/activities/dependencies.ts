import type { TextForm } from '../collections/collection.js';
import type { DocumentForm } from '../collections/document-form.js';
import type { Recipe } from '../contract/generation.js';
import type { Store } from '../engines/store.js';
import type { Limiter } from '../providers/pacing/limiter.js';
import type { Pacer } from '../providers/pacing/pacer.js';
import type { Throttle } from '../providers/pacing/throttle.js';
import type { Provider } from '../providers/types.js';
import type { Catalog } from '../sources/types.js';

/** The dependencies of activities; tests pass their own. */
export interface Dependencies {
  catalog: Catalog;
  store: Store;
  provider: Provider;
  /** Limits the requests in flight in this worker. */
  limiter: Limiter;
  /** Keeps requests below the limits that are stated. */
  pacer: Pacer;
  /** Closes after a 429 and learns the provider's pace. */
  throttle: Throttle;
  /** How catalog rows become texts, according to the worker's configuration. */
  form: DocumentForm;
  /** Returns the text form of a template for rows of this catalog; null: the sample library's own form. */
  textOf(template: string | null): TextForm;
  /** The recipe for vectors in the worker's configuration. */
  recipe: Recipe;
  log: Log;
  /** The library whose runs this worker serves; absent: runs name no library, so any worker serves them. */
  library?: HeldLibrary;
}

/** The worker's log lines: fields and a sentence. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The library that a worker holds, as activities see it. */
export interface HeldLibrary {
  collection: string;
  /** Whether runs go to the queue of their store, since other workers may use the same Temporal. */
  routed: boolean;
  /** Resolves once this worker polls the queue of that store, which is its own. */
  serve(storeId: string): Promise<void>;
  /** Reports that the catalog is not that of the run: the worker takes no more work for a while. */
  refused(sentence: string): void;
}
