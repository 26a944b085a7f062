import { some } from '../violation.mjs';

/** Rule: settled ≤ the provider's bill ≤ settled + the bounds of uncertain attempts, in nanodollars. */
export function judgeMoney({ store: { ledger }, bill }) {
  const of = (status) => ledger.filter((row) => row.status === status);
  const sum = (rows, what) => rows.reduce((total, row) => total + (row[what] ?? 0), 0);
  const settled = sum(ledger, 'nanos');
  const unbounded =
    of('uncertain').some((row) => row.bound === null) || of('settled').some((row) => row.nanos === null);
  const most = settled + sum(of('uncertain'), 'bound');
  const paid = bill.costNanos;
  return [
    settled > paid && {
      rule: 'settled-above-bill',
      message: `the ledger settled ${settled} nanodollars, the bill is ${paid}`,
    },
    !unbounded &&
      paid > most && {
        rule: 'bill-above-ledger',
        message: `the bill is ${paid} nanodollars, the ledger accounts for ${most} at most`,
      },
    some(
      'pending',
      'attempts still pending at the end',
      of('pending').map((row) => row.id),
    ),
  ];
}

/**
 * Rule: a text is charged again only if its answer was in flight at a kill, or was spoilt by the provider; once for
 * each such event.
 */
export function judgePurchases({ bill, store, kills }) {
  const census = kills.map((kill) => ({ at: kill.at, keys: inFlight(kill, store) }));
  const unexcused = [];
  for (const [key, { charges }] of bill.texts) {
    if (charges.length < 2) continue;
    const killed = census.filter(
      ({ at, keys }) => keys.has(key) || charges.some((one) => one.since <= at && at <= one.at),
    );
    const spoilt = charges.filter((one) => one.spoilt);
    if (charges.length - 1 > killed.length + spoilt.length) unexcused.push(key);
  }
  return [some('bought-twice', 'texts bought again though nothing had interrupted them', unexcused)];
}

/** Returns the keys of the texts in flight at a kill. The ledger has their hashes, and the store maps these to keys. */
export const inFlight = ({ keys = [], hashes = [] }, { hashes: known }) =>
  new Set([...keys, ...hashes.map((hash) => known.get(hash)).filter(Boolean)]);
