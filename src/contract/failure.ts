/** Why a sample or a run failed. The values of ApplicationFailure.type and `embedding_failures.reason`. */
export const FailureType = {
  /** Passes by itself: 408, 409, 425, 5xx, 52x, connection faults, deadlines. Retried by Temporal. */
  Transient: 'Transient',
  /** 429. Not a failure of the batch: the run stops sending for a while, and the batch is sent again. */
  RateLimited: 'RateLimited',
  /** The provider or the model's limits refuse this input: 400, 413, too many tokens. */
  Rejected: 'Rejected',
  /** No input will pass: bad key, no credit, model gone, store unusable. */
  Blocked: 'Blocked',
  /** An answer that must not be stored: wrong count, length, index, NaN, all zero, not JSON. */
  InvalidResponse: 'InvalidResponse',
  /** With a cost cap: the batch may cost more than was reserved for it. It is sent once enough is reserved. */
  Outgrown: 'Outgrown',
  /** The store or the catalog is away: not a failure of the batch. The run waits, and blocks if that lasts. */
  Unavailable: 'Unavailable',
  /** This worker has another library than the run: another worker takes the work, and no attempt is counted. */
  WrongWorker: 'WrongWorker',
  /** The row left the catalog between planning and embedding. */
  Deleted: 'Deleted',
  /** The catalog's database cannot return the row: a cast in a view, a broken byte. */
  Unreadable: 'Unreadable',
} as const;

export type FailureType = (typeof FailureType)[keyof typeof FailureType];

/** Samples that failed for one reason, for people to read; the store has all of them. */
export interface FailureNote {
  reason: string;
  count: number;
  /** The last few. */
  ids: number[];
  /** The last sample's message; it may be a provider's text. */
  message: string;
}
