import { FailureType } from '../../contract/failure.js';
import type { Billed } from '../answers/what-answers-prove.js';
import type { TooManyInputs } from './too-many-inputs.js';

export interface EmbeddingErrorFields {
  type: FailureType;
  /** HTTP status, of the answer or of the error inside a 200; null when no answer came or it names none. */
  status: number | null;
  /**
   * How long the provider asks to wait, milliseconds: at most five minutes, or 24 hours where it names the time at
   * which an allowance is renewed; null when it does not.
   */
  retryAfterMs: number | null;
  /** Whether the request may have been billed. */
  billed: Billed;
  /** Numbers in the vectors that came, where that is what is wrong with them; default null. */
  vectorLength?: number | null;
  /** What an answer that cannot be used says it cost, at most, nanodollars; default null: it does not say. */
  statedNanos?: number | null;
  /** Of a refusal that says so: the request held more texts than the server takes; default null. */
  tooManyInputs?: TooManyInputs | null;
  /** A page of HTML came in the place of the answer, with a status that says all is well; default false. */
  page?: boolean;
}

/** The only error, cancellation aside, that leaves a Provider. Its message is a sentence and never holds the key. */
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
  /** The wait that the provider asks for, milliseconds; null: it names none. */
  retryAfterMs: number | null;
  /** The error of a request that was held back for this refusal and never sent; milliseconds that are left to wait. */
  heldBack?(leftMs: number): Error;
}

/** What a 429 asks for; null for any other error. */
export function rateLimited(error: unknown): Refusal | null {
  if (!(error instanceof EmbeddingError) || error.type !== FailureType.RateLimited) return null;
  const { message, type, status } = error;
  return {
    retryAfterMs: error.retryAfterMs,
    heldBack: (leftMs) =>
      new EmbeddingError(message, { type, status, retryAfterMs: leftMs, billed: 'no' }, { cause: error }),
  };
}
