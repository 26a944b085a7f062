/** All SQL that sums the amounts in `api_usage`. Amounts in nanodollars. */

/** Returns a value as an integer ≥ 0; NULL stays NULL. Rows that somebody edited must not make a sum fail. */
const whole = (value: string): string => `MAX(0, CAST(${value} AS INTEGER))`;

const METADATA = "CASE WHEN json_valid(extra_metadata) THEN extra_metadata ELSE '{}' END";
/** Returns a field of the attempt's metadata; NULL if the metadata is damaged. */
export const metadataField = (name: string): string => `json_extract(${METADATA}, '$.${name}')`;

export const TOKENS = whole('total_tokens');
export const COST = whole('total_cost_nanos');

const most = (bound: string): string => `COALESCE(${bound}, CASE WHEN status = 'failed' THEN 0
  ELSE COALESCE(total_cost_nanos, CAST(${metadataField('bound_nanos')} AS INTEGER)) END)`;

/** Returns what an attempt may have cost beyond its cost; NULL: unknown. `older`: the ledger has no bounds column. */
export const uncertain = ({ older = false } = {}): string =>
  `MAX(0, ${whole(most(older ? 'NULL' : 'bound_nanos'))} - COALESCE(${COST}, 0))`;

const BILLION = '1000000000';
/** Sums billions and remainders separately: one sum would overflow if a provider has stated absurd amounts. */
const parts = (what: string, where: string) => {
  const filter = where === '' ? '' : `FILTER (WHERE ${where})`;
  return {
    billions: `COALESCE(SUM(${what} / ${BILLION}) ${filter}, 0)`,
    rest: `COALESCE(SUM(${what} % ${BILLION}) ${filter}, 0)`,
  };
};

/** Returns the exact sum of integers ≥ 0 as decimal digits: the client refuses integers beyond 2^53. */
export function sum(what: string, where = ''): string {
  const { billions, rest } = parts(what, where);
  return `((${billions} + ${rest} / ${BILLION}) || printf('%09d', ${rest} % ${BILLION}))`;
}

/** The same as an integer to be stored: at most 2^63 − 1. */
function storedSum(what: string): string {
  const { billions, rest } = parts(what, '');
  return `CAST(${billions} * ${BILLION} + ${rest} AS INTEGER)`;
}

/** The columns of an account, for `accountOf`, over any rows of the ledger. */
export const ACCOUNT = `COUNT(*) AS requests, ${sum(TOKENS)} AS tokens, ${sum(COST)} AS cost,
  ${sum(uncertain())} AS uncertain,
  COUNT(*) FILTER (WHERE status = 'settled' AND total_cost_nanos IS NULL) AS unpriced`;

/**
 * The highest price of these rows, in nanodollars per token. Costs are rounded up, by some providers to a millionth of
 * a dollar, so requests of fewer than 100 tokens do not count.
 */
export const PRICE = 'MAX(total_cost_nanos * 1.0 / total_tokens) FILTER (WHERE total_tokens >= 100)';

/** Sets a run's money to what its ledger says. */
export const RUN_MONEY = `(requests, tokens, cost_nanos) = (SELECT COUNT(*), ${storedSum(TOKENS)}, ${storedSum(COST)}
  FROM api_usage WHERE api_usage.run_id = embedding_runs.run_id)`;

/**
 * Converts an amount or a count to an integer from 0 to 2^53 − 1, as the ledger stores it. A provider may state any
 * number, and none may make a commit fail.
 */
export const amount = (value: number | null | undefined): bigint | null => {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  return BigInt(Math.min(Math.max(Math.round(value), 0), Number.MAX_SAFE_INTEGER));
};
