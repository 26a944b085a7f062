/** A 429 of a fake provider, and how a throttle recognises it. `retryAfterMs` null: it names no wait. */
export class TooMany extends Error {
  constructor(readonly retryAfterMs: number | null) {
    super('429');
  }
}
export const refusal = (error: unknown): { retryAfterMs: number | null } | null =>
  error instanceof TooMany ? { retryAfterMs: error.retryAfterMs } : null;
