import type { Store } from '../engines/store.js';
import type { Attempt } from '../engines/types.js';
import { SearchFault } from './search-fault.js';

/** Returns the start of the current day, UTC. */
export const dayBegan = (): string => `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`;

/** How much searches may cost in a day (UTC), in nanodollars. */
export interface DailyCap {
  nanos: number;
  /** The name of the option that sets it, for messages: `--max-daily-cost`. */
  setting: string;
}

/**
 * Throws a SearchFault if the cap is exceeded, or if it would be should the queries under way cost as much as they may.
 * The attempt is open already, so parallel searches count each other.
 */
export async function keepWithin(
  cap: DailyCap,
  store: Store,
  { requestId, boundNanos }: Attempt,
  wayAround: string,
): Promise<void> {
  const { atMostNanos, reservedNanos } = await store.searchSpending(dayBegan(), requestId);
  const left = BigInt(cap.nanos) - atMostNanos - BigInt(boundNanos ?? 0);
  if (left >= reservedNanos) return;
  await store.withdraw([requestId]);
  const most = `${cap.setting} of $${(cap.nanos / 1e9).toString()}`;
  if (left < 0n)
    throw new SearchFault(
      'cap',
      `today's searches would cost more than ${most}: repeat an earlier query, ${wayAround}, or raise it`,
    );
  throw new SearchFault(
    'cap-reserved',
    `other queries under way may use up what is left of ${most}: ask again in a moment, or ${wayAround}`,
  );
}
