import type { ActivityOptions } from '@temporalio/workflow';
import { FailureType } from '../contract/failure.js';

/**
 * Every retry in the product is declared here and carried out by Temporal alone (HTTP client retries are off).
 * Heartbeats decide how soon a killed worker's work is given to another: lost work starts again within 10 s.
 */

const COMMON: ActivityOptions = { startToCloseTimeout: '10 minutes', heartbeatTimeout: '8 seconds' };

/** Checks of the surroundings: what a person must cure is not retried, what passes gets some seconds. */
export const preflightPolicy: ActivityOptions = {
  ...COMMON,
  // A large folder of audio files is read for the first time in it.
  startToCloseTimeout: '6 hours',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumAttempts: 4 },
};

/** Reading the catalog and the store costs nothing: databases restart, so this is patient. */
export const planPolicy: ActivityOptions = {
  ...COMMON,
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 12 },
};

/** Writing failed samples down: as patient as planning, since it must not be lost. */
export const recordPolicy: ActivityOptions = { ...planPolicy };

/** The run's mirror in the store is for looking at: it must not hold the run up, not even when its worker is killed. */
export const mirrorPolicy: ActivityOptions = {
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '8 seconds',
  retry: { initialInterval: '500ms', maximumAttempts: 3 },
};

/**
 * Buying: `maxRetries` after the first try, 1 s, 3 s, 9 s … apart. `tries`: those that the batch has used up in earlier
 * activities, so that it has no more of them however often it comes back. A 429 closes the run's gate and a cause that
 * nobody's input can pass blocks the run: both come back at once and cost no retry.
 */
export const embedPolicy = (maxRetries: number, tries = 0): ActivityOptions => ({
  ...COMMON,
  // Under a small stated limit all that is under way waits long for its turn; heartbeats tell whether it is lost.
  startToCloseTimeout: '6 hours',
  // A cancelled run still stores what is already paid for.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: {
    initialInterval: `${Math.min(30, 3 ** tries)}s`,
    backoffCoefficient: 3,
    maximumInterval: '30s',
    maximumAttempts: Math.max(1, maxRetries + 1 - tries),
    nonRetryableErrorTypes: [FailureType.RateLimited, FailureType.Blocked, FailureType.Rejected],
  },
});
