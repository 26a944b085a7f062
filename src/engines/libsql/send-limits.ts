import type { InStatement } from '@libsql/client';
import { NOW_MS } from './clock.js';
import type { StoreConnection } from './connection.js';

/** One limit, and how much of it is to be used now. */
export interface LimitUse {
  name: 'requests' | 'tokens';
  perMinute: number;
  amount: number;
}

export interface SendLimits {
  /**
   * Reserves the amounts at the earliest moment at which no limit is exceeded in any minute, over all workers of this
   * store. An amount above the whole limit is sent alone. @returns milliseconds until that moment; 0: now.
   */
  bookSending(uses: readonly LimitUse[]): Promise<number>;
}

/**
 * A limit is a token bucket that holds one second's worth, which spreads the requests, and a log of the last minute, by
 * whole seconds, which guarantees the limit. Both are rows of the store, so workers join and leave without dividing the
 * limit among themselves.
 */
export const SEND_LIMITS_SCHEMA: readonly string[] = [
  // Grain: one row a limit. Epoch ms of the store's clock: when its bucket is full again, and when the last reserved
  // amount is sent.
  'CREATE TABLE send_limits (name TEXT PRIMARY KEY, free_at REAL NOT NULL, leaves_at REAL NOT NULL)',
  // Grain: one row a limit and second of sending.
  `CREATE TABLE send_log (name TEXT NOT NULL, second INTEGER NOT NULL, amount REAL NOT NULL,
    PRIMARY KEY (name, second)) WITHOUT ROWID`,
];

/** More than the minute that limits are stated in: requests sent evenly may arrive closer together. */
const WINDOW_S = 61;
const BURST_MS = 1000;
/** The longest reservation ahead. A later time was written before the clock was set back. */
const LONGEST_MS = 60 * 60_000;

export const createSendLimits = (
  connection: Pick<StoreConnection, 'write'>,
  /** The store's clock in SQL, epoch ms. */
  now: () => string = () => NOW_MS,
): SendLimits => ({
  async bookSending(uses) {
    if (uses.length === 0) return 0;
    const at = now();
    const names = uses.map(({ name }) => `'${name}'`).join(', ');
    const results = await connection.write('send limits', [
      `UPDATE send_limits SET free_at = ${at}, leaves_at = ${at} WHERE MAX(free_at, leaves_at) > ${at} + ${LONGEST_MS}`,
      `DELETE FROM send_log WHERE second < ${at} / 1000 - ${2 * WINDOW_S} OR second > (${at} + ${LONGEST_MS}) / 1000`,
      ...uses.flatMap((use) => [
        {
          sql: 'INSERT INTO send_limits VALUES (?, 0, 0) ON CONFLICT DO NOTHING',
          args: [use.name],
        },
        whenItFits(use, at),
      ]),
      // If one limit delays the request, the others are used at that later moment too.
      `UPDATE send_limits SET leaves_at = (SELECT MAX(leaves_at) FROM send_limits WHERE name IN (${names}))
        WHERE name IN (${names})`,
      ...uses.flatMap(book),
      `SELECT MAX(0, MAX(leaves_at) - ${at}) AS wait FROM send_limits WHERE name IN (${names})`,
    ]);
    return Math.ceil(Number(results.at(-1)?.rows[0]?.wait ?? 0));
  },
});

const costMs = ({ perMinute, amount }: LimitUse): number => (amount * WINDOW_S * 1000) / perMinute;

/** Sets `leaves_at` to the moment when the bucket holds enough and the log of the minute before has room. */
const whenItFits = (use: LimitUse, at: string): InStatement => ({
  sql: `UPDATE send_limits SET leaves_at = MAX(
      ${at},
      free_at - ${BURST_MS} + MIN(?, ${BURST_MS}),
      COALESCE((SELECT (MAX(second) + ${WINDOW_S}) * 1000.0 FROM (
        SELECT second, SUM(amount) OVER (ORDER BY second DESC) AS since FROM send_log WHERE name = ?
      ) WHERE since + MIN(?, ?) > ?), 0)
    ) WHERE name = ?`,
  args: [costMs(use), use.name, use.amount, use.perMinute, use.perMinute, use.name],
});

const book = (use: LimitUse): InStatement[] => [
  {
    sql: 'UPDATE send_limits SET free_at = MAX(free_at, leaves_at) + ? WHERE name = ?',
    args: [costMs(use), use.name],
  },
  {
    sql: `INSERT INTO send_log SELECT name, CAST(leaves_at / 1000 AS INTEGER), ? FROM send_limits WHERE name = ?
      ON CONFLICT DO UPDATE SET amount = amount + excluded.amount`,
    args: [use.amount, use.name],
  },
];
