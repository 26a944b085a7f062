import { FailureType } from '../contract/failure.js';
import { Fault } from '../fault.js';
import type { EmbeddingError } from '../providers/errors/errors.js';

/** Why a valid search cannot be carried out. */
export type SearchTrouble =
  /** Today's queries would cost more than the daily cap. */
  | 'cap'
  /** The queries under way may use up the rest of the daily cap. */
  | 'cap-reserved'
  /** There is no key for the provider, or its address cannot be used. */
  | 'no-provider'
  /** The provider gives no answer, a late one, or an unusable one. */
  | 'provider-down'
  /** The provider has too many requests. */
  | 'provider-busy'
  /** The provider refuses the key, the account has no credit, or the model is gone. */
  | 'provider-refuses'
  /** The provider refuses this query. */
  | 'query-refused'
  /** The store holds no vectors yet. */
  | 'nothing-stored'
  /** The stored vectors are of another model. */
  | 'other-model'
  /** An example sample has no vector. */
  | 'no-vector';

/** A usage Fault of a search. Its message is for the operator; API clients use `trouble`. */
export class SearchFault extends Fault {
  constructor(
    readonly trouble: SearchTrouble,
    message: string,
    cause?: unknown,
    /** How long the provider asked to wait, in milliseconds; null: it did not. */
    readonly retryAfterMs: number | null = null,
  ) {
    super('usage', message, { cause });
  }
}

/** Returns the trouble for an error of the provider. */
export function troubleOf({ type }: Pick<EmbeddingError, 'type'>): SearchTrouble {
  if (type === FailureType.RateLimited) return 'provider-busy';
  if (type === FailureType.Blocked) return 'provider-refuses';
  return type === FailureType.Rejected ? 'query-refused' : 'provider-down';
}
