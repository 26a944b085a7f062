import type { InStatement } from '@libsql/client';
import { NOW_MS } from './clock.js';
import type { StoreConnection } from './connection.js';

/** One stated limit, and how much of it is to be sent now. */
export interface LimitUse {
  name: 'requests' | 'tokens';
  perMinute: number;
  amount: number;
}

export interface SendLimits {
  /**
   * Books the amounts for the first moment at which no limit is exceeded in any minute, over all workers that book in this
   * store. One amount above the whole limit goes alone. @returns milliseconds until that moment; 0: now.
   */
  bookSending(uses: readonly LimitUse[]): Promise<number>;
}

/**
 * A limit is a token bucket that holds one second's worth, so that sending is spread, and a log of the last minute, by
 * whole seconds, which guarantees it. Both are rows of the store: whoever joins or leaves, nothing is divided by hand, and
 * nobody holds a share.
 */
export const SEND_LIMITS_SCHEMA: readonly string[] = [
  // Grain: one row a limit. Epoch ms of the store's clock: when its bucket is full but for a second's worth, and when what
  // was booked last leaves.
  'CREATE TABLE send_limits (name TEXT PRIMARY KEY, free_at REAL NOT NULL, leaves_at REAL NOT NULL)',
  // Grain: one row a limit and second of leaving.
  `CREATE TABLE send_log (name TEXT NOT NULL, second INTEGER NOT NULL, amount REAL NOT NULL,
    PRIMARY KEY (name, second)) WITHOUT ROWID`,
];

/** More than the minute that limits are stated in: what left evenly may arrive closer together. */
const WINDOW_S = 61;
const BURST_MS = 1000;
/** Nothing is booked further ahead: such a time was written under a clock that has been set back since. */
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
      // Where one limit makes it wait, the others are used then too.
      `UPDATE send_limits SET leaves_at = (SELECT MAX(leaves_at) FROM send_limits WHERE name IN (${names}))
        WHERE name IN (${names})`,
      ...uses.flatMap(book),
      `SELECT MAX(0, MAX(leaves_at) - ${at}) AS wait FROM send_limits WHERE name IN (${names})`,
    ]);
    return Math.ceil(Number(results.at(-1)?.rows[0]?.wait ?? 0));
  },
});

const costMs = ({ perMinute, amount }: LimitUse): number => (amount * WINDOW_S * 1000) / perMinute;

/** Sets `leaves_at` to when the bucket holds enough, and the log of the minute before leaves room. */
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
