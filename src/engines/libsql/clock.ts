/**
 * The store's clock, in SQL. Workers' clocks may be wrong by hours, so times that processes compare come from this
 * clock only.
 */
const toMs = (time: string): string => `CAST((julianday(${time}) - 2440587.5) * 86400000 AS INTEGER)`;

/** Epoch milliseconds. */
export const NOW_MS = toMs("'now'");
/** ISO time, UTC, with milliseconds, as Date.toISOString() writes it. */
export const NOW_ISO = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
/** Milliseconds since an attempt of `api_usage` was opened; NULL where its time cannot be read. */
export const OPENED_AGO_MS = `(${NOW_MS} - ${toMs('created_at')})`;

/** How long after its opening an attempt of a version without leases counts as leased. */
const WITHOUT_LEASE_MS = 15 * 60_000;
/** The longest lease. A later end was written under a wrong clock. */
const LONGEST_LEASE_MS = 30 * 60_000;

/** Whether the lease of a row of `api_usage` has not expired: its process is alive and will settle it. */
export const LEASED = `(COALESCE(lease_until, ${toMs('created_at')} + ${WITHOUT_LEASE_MS}, 0)
  BETWEEN ${NOW_MS} AND ${NOW_MS} + ${LONGEST_LEASE_MS})`;
/** The same for a ledger of a version without leases. */
export const LEASED_OLD = LEASED.replace('lease_until', 'NULL');
