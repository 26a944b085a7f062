import { FailureType } from '../contract/failure.js';
import { Fault } from '../fault.js';
import type { EmbeddingError } from '../providers/errors/errors.js';

/** Why a search that was asked well cannot be carried out. */
export type SearchTrouble =
  /** Today's queries would cost more than may be spent. */
  | 'cap'
  /** No key for the provider, or an address that cannot be used. */
  | 'no-provider'
  /** No answer, a late one, or one that cannot be used. */
  | 'provider-down'
  /** It has too many requests. */
  | 'provider-busy'
  /** It refuses the key, the account has no credit, or the model is gone. */
  | 'provider-refuses'
  /** It refuses this query. */
  | 'query-refused'
  /** The store holds no vectors yet. */
  | 'nothing-stored'
  /** What is stored is of another model. */
  | 'other-model'
  /** A sample that was named as an example has no vector. */
  | 'no-vector';

/** A usage Fault for whoever started the program; who only asks it can tell by `trouble` what to do. */
export class SearchFault extends Fault {
  constructor(
    readonly trouble: SearchTrouble,
    message: string,
    cause?: unknown,
  ) {
    super('usage', message, { cause });
  }
}

/** What a provider's refusal comes to for a query. */
export function troubleOf({ type }: Pick<EmbeddingError, 'type'>): SearchTrouble {
  if (type === FailureType.RateLimited) return 'provider-busy';
  if (type === FailureType.Blocked) return 'provider-refuses';
  return type === FailureType.Rejected ? 'query-refused' : 'provider-down';
}
