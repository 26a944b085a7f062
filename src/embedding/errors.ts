import { FailureType } from '../contract.js';

export interface EmbeddingErrorFields {
  type: FailureType;
  /** HTTP status, of the answer or of the error inside a 200; null when no answer came or it names none. */
  status: number | null;
  /** How long the provider asks to wait, milliseconds, at most five minutes; null when it does not. */
  retryAfterMs: number | null;
  /** `no`: surely not billed, nothing was sent · `maybe`: perhaps billed · `answered`: an error came, not billed. */
  sent: 'no' | 'maybe' | 'answered';
  /** Numbers in the vectors that came, where that is what is wrong with them; default null. */
  vectorLength?: number | null;
}

/** The only error, cancellation aside, that leaves a Provider. Its message is a sentence and never holds the key. */
export class EmbeddingError extends Error implements EmbeddingErrorFields {
  override readonly name = 'EmbeddingError';
  readonly type: FailureType;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly sent: 'no' | 'maybe' | 'answered';
  readonly vectorLength: number | null;

  constructor(message: string, fields: EmbeddingErrorFields, options?: ErrorOptions) {
    super(message, options);
    this.type = fields.type;
    this.status = fields.status;
    this.retryAfterMs = fields.retryAfterMs;
    this.sent = fields.sent;
    this.vectorLength = fields.vectorLength ?? null;
  }
}

/** Of a 429 the wait that it asks for; null for any other error. */
export const rateLimited = (error: unknown): { retryAfterMs: number | null } | null =>
  error instanceof EmbeddingError && error.type === FailureType.RateLimited
    ? { retryAfterMs: error.retryAfterMs }
    : null;
