import type { ActivityOptions } from '@temporalio/workflow';
import { FailureType } from '../contract/failure.js';

/**
 * Retries are declared here and carried out by Temporal (HTTP client retries are off). The one exception is a write of
 * vectors that are already paid for: see `activities/persist.ts`.
 * The heartbeat timeout decides how soon another worker takes over from a killed one: lost work restarts within 10 s.
 */

const COMMON: ActivityOptions = { startToCloseTimeout: '10 minutes', heartbeatTimeout: '8 seconds' };

/** Preflight: errors that a person must fix are not retried; transient ones are retried for some seconds. */
export const preflightPolicy: ActivityOptions = {
  ...COMMON,
  // Preflight reads a large folder of audio files for the first time.
  startToCloseTimeout: '6 hours',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumAttempts: 4 },
};

/** Planning: reads of catalog and store are free and databases restart, so there are many retries. */
export const planPolicy: ActivityOptions = {
  ...COMMON,
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 12 },
};

/** Recording failed samples: as many retries as planning, since the records must not be lost. */
export const recordPolicy: ActivityOptions = { ...planPolicy };

/** The run's mirror in the store is only for display: it must not delay the run, not even when its worker is killed. */
export const mirrorPolicy: ActivityOptions = {
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '8 seconds',
  retry: { initialInterval: '500ms', maximumAttempts: 3 },
};

/**
 * Buying: `maxRetries` retries after the first try, 1 s, 3 s, 9 s … apart. `tries`: those that the batch has used in
 * earlier activities; they count, however often the batch comes back. A 429 or a store that does not answer closes the
 * run's gate, and an error that every batch would get blocks the run: these are returned at once and use no retry.
 */
export const embedPolicy = (maxRetries: number, tries = 0): ActivityOptions => ({
  ...COMMON,
  // Under a small stated limit, batches wait long for their turn. Heartbeats show whether the worker is lost.
  startToCloseTimeout: '6 hours',
  // A cancelled run still stores the answers that are already paid for.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: {
    initialInterval: `${Math.min(30, 3 ** tries)}s`,
    backoffCoefficient: 3,
    maximumInterval: '30s',
    maximumAttempts: Math.max(1, maxRetries + 1 - tries),
    nonRetryableErrorTypes: [
      FailureType.RateLimited,
      FailureType.Blocked,
      FailureType.Rejected,
      FailureType.Unavailable,
    ],
  },
});
