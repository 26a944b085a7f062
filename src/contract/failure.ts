/** Why a sample or a run failed. The strings travel in ApplicationFailure.type and in `embedding_failures.reason`. */
export const FailureType = {
  /** Passes by itself: 408, 409, 425, 5xx, 52x, connection faults, deadlines. Retried by Temporal. */
  Transient: 'Transient',
  /** 429. Not a failure of the batch: the run's gate closes and the batch is sent again. */
  RateLimited: 'RateLimited',
  /** The provider or the model's limits refuse this input: 400, 413, too many tokens. */
  Rejected: 'Rejected',
  /** Nobody's input will pass: bad key, no credit, model gone, store unusable. */
  Blocked: 'Blocked',
  /** An answer that must not be stored: wrong count, length, index, NaN, all zero, not JSON. */
  InvalidResponse: 'InvalidResponse',
  /** With a cap on cost: the batch may cost more than was reserved for it; it is sent once that is reserved. */
  Outgrown: 'Outgrown',
  /** This worker holds another library than the run's: another worker takes the work, and nothing counts as tried. */
  WrongWorker: 'WrongWorker',
  /** The row left the catalog between planning and embedding. */
  Deleted: 'Deleted',
  /** The catalog's database cannot give the row: a cast in a view, a broken byte. */
  Unreadable: 'Unreadable',
} as const;

export type FailureType = (typeof FailureType)[keyof typeof FailureType];

/** Samples that failed for one reason, for people to look at: the store has them all. */
export interface FailureNote {
  reason: string;
  count: number;
  /** The last few. */
  ids: number[];
  /** The last one's; it may be a provider's own words. */
  message: string;
}
