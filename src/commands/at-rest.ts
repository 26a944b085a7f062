import { type RunProgress, waitsForAPerson } from '../contract/progress.js';

const BOOKED_WITHIN_MS = 3000;

/**
 * Creates a check that takes each progress report of a run and returns whether the run is at rest: it waits for a
 * person, no batch is under way, and its record in the store says so (`booked`), with its complete cost. A store that
 * does not answer holds the check for 3 s at most. `now` gives milliseconds, default `performance.now`.
 */
export function createRestCheck(now: () => number = () => performance.now()) {
  let since: number | null = null;
  return (progress: RunProgress): boolean => {
    const waits = waitsForAPerson(progress) && progress.inFlight === 0;
    since = waits ? (since ?? now()) : null;
    return since !== null && (progress.booked === true || now() - since > BOOKED_WITHIN_MS);
  };
}
