import { FailureType } from '../../contract/failure.js';
import type { Billed } from '../answers/what-answers-prove.js';
import type { TooManyInputs } from './too-many-inputs.js';

export interface EmbeddingErrorFields {
  type: FailureType;
  /** HTTP status of the answer or of the error inside a 200; null when no answer came or the error names none. */
  status: number | null;
  /**
   * The wait that the provider asks for, milliseconds: at most five minutes, or 24 hours when it names the time at
   * which an allowance is renewed. Null when it asks for none.
   */
  retryAfterMs: number | null;
  /** Whether the request may have been billed. */
  billed: Billed;
  /** Length of the vectors received, when that length is the fault; default null. */
  vectorLength?: number | null;
  /** The most that an unusable answer says it cost, nanodollars; default null: it does not say. */
  statedNanos?: number | null;
  /** Set when a refusal says that the request held more texts than the server takes; default null. */
  tooManyInputs?: TooManyInputs | null;
  /** An HTML page came instead of the answer, with a status of success; default false. */
  page?: boolean;
}

/** The only error, cancellation aside, that a Provider throws. Its message is a sentence and never holds the key. */
export class EmbeddingError extends Error implements EmbeddingErrorFields {
  override readonly name = 'EmbeddingError';
  readonly type: FailureType;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly billed: Billed;
  readonly vectorLength: number | null;
  readonly statedNanos: number | null;
  readonly tooManyInputs: TooManyInputs | null;
  readonly page: boolean;

  constructor(message: string, fields: EmbeddingErrorFields, options?: ErrorOptions) {
    super(message, options);
    this.type = fields.type;
    this.status = fields.status;
    this.retryAfterMs = fields.retryAfterMs;
    this.billed = fields.billed;
    this.vectorLength = fields.vectorLength ?? null;
    this.statedNanos = fields.statedNanos ?? null;
    this.tooManyInputs = fields.tooManyInputs ?? null;
    this.page = fields.page ?? false;
  }
}

export interface Refusal {
  /** The wait that the provider asks for, milliseconds; null when it asks for none. */
  retryAfterMs: number | null;
  /** Returns the error of a request held back by this refusal and never sent; `leftMs`: the wait that remains. */
  heldBack?(leftMs: number): Error;
}

/** Returns what a 429 asks for; null for any other error. */
export function rateLimited(error: unknown): Refusal | null {
  if (!(error instanceof EmbeddingError) || error.type !== FailureType.RateLimited) return null;
  const { message, type, status } = error;
  return {
    retryAfterMs: error.retryAfterMs,
    heldBack: (leftMs) =>
      new EmbeddingError(message, { type, status, retryAfterMs: leftMs, billed: 'no' }, { cause: error }),
  };
}
