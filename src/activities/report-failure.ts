import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { FailureType } from '../contract/failure.js';
import { Fault, Unavailable } from '../fault.js';
import { EmbeddingError } from '../providers/errors/errors.js';
import { triesBefore } from './reservation.js';

/**
 * Converts any error to one that Temporal understands. A Fault and a Blocked or RateLimited answer are not retried;
 * other errors are retried as declared. The details pass `retryAfterMs` to the run's gate.
 */
function toFailure(error: unknown): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  // Node's timers and our limiter throw an AbortError whose cause is the cancellation.
  if (error instanceof Error && error.name === 'AbortError')
    return error.cause instanceof CancelledFailure ? error.cause : new CancelledFailure(error.message);
  if (error instanceof Fault)
    return ApplicationFailure.create({
      message: error.message,
      type: FailureType.Blocked,
      nonRetryable: true,
      details: [{ tries: triesBefore() }],
    });
  if (error instanceof EmbeddingError)
    return ApplicationFailure.create({
      message: error.message,
      type: error.type,
      nonRetryable: error.type === FailureType.Blocked || error.type === FailureType.RateLimited,
      details: [{ retryAfterMs: error.retryAfterMs, tries: triesBefore() }],
    });
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Unavailable)
    return ApplicationFailure.create({
      message,
      type: FailureType.Unavailable,
      details: [{ tries: triesBefore() }],
    });
  return ApplicationFailure.create({ message, type: FailureType.Transient });
}

/** Wraps an activity so that its errors are converted. */
export const reporting =
  <I, O>(activity: (input: I) => Promise<O>) =>
  async (input: I): Promise<O> => {
    try {
      return await activity(input);
    } catch (error) {
      throw toFailure(error);
    }
  };
