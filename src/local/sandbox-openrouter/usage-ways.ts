/** What was charged: tokens and, in integer nanodollars, the whole cost. */
interface Charged {
  tokens: number;
  nanos: number;
}

/** OpenRouter's fee on a request with the account's own provider key, as a share of its cost. */
const FEE = 0.05;

const dollars = (nanos: number): number => nanos / 1e9;
const feeOf = (nanos: number): number => Math.round(nanos * FEE);
const both = (tokens: unknown) => ({ prompt_tokens: tokens, total_tokens: tokens });
const upstream = (cost: unknown) => ({ cost_details: { upstream_inference_cost: cost } });

/**
 * Ways in which providers state usage; the first is correct. Each other one was observed, or is one misprint away from
 * an observed one. The bill always has the true values.
 */
const WAYS = {
  exact: ({ tokens, nanos }) => ({ ...both(tokens), cost: dollars(nanos) }),
  none: () => undefined,
  null: () => null,
  empty: () => ({}),
  words: () => 'see the invoice',
  zeros: () => both(0),
  'zeros-cost': ({ nanos }) => ({ ...both(0), cost: dollars(nanos) }),
  'all-zero': () => ({ ...both(0), cost: 0 }),
  'cost-zero': ({ tokens }) => ({ ...both(tokens), cost: 0 }),
  'cost-zero-text': ({ tokens }) => ({ ...both(tokens), cost: '0.00' }),
  'cost-null': ({ tokens }) => ({ ...both(tokens), cost: null }),
  'cost-text': ({ tokens, nanos }) => ({ ...both(tokens), cost: dollars(nanos).toFixed(9) }),
  'cost-words': ({ tokens }) => ({ ...both(tokens), cost: 'free' }),
  'cost-negative': ({ tokens, nanos }) => ({ ...both(tokens), cost: -dollars(nanos) }),
  'cost-nan': ({ tokens }) => ({ ...both(tokens), cost: 'NaN' }),
  'cost-absurd': ({ tokens }) => ({ ...both(tokens), cost: 1e12 }),
  'cost-alone': ({ nanos }) => ({ cost: dollars(nanos) }),
  'total-only': ({ tokens }) => ({ total_tokens: tokens }),
  'prompt-only': ({ tokens }) => ({ prompt_tokens: tokens }),
  'prompt-zero': ({ tokens }) => ({ prompt_tokens: 0, total_tokens: tokens }),
  'total-double': ({ tokens }) => ({ prompt_tokens: tokens, total_tokens: 2 * tokens }),
  'tokens-text': ({ tokens }) => both(String(tokens)),
  'tokens-fraction': ({ tokens }) => ({ prompt_tokens: tokens - 0.5, total_tokens: tokens }),
  'tokens-negative': ({ tokens }) => both(-tokens),
  'tokens-absurd': () => both(1e18),
  'tokens-few': () => both(1),
  'tokens-few-cost': ({ nanos }) => ({ ...both(1), cost: dollars(nanos) }),
  byok: ({ tokens, nanos }) => ({
    ...both(tokens),
    cost: dollars(feeOf(nanos)),
    is_byok: true,
    ...upstream(dollars(nanos - feeOf(nanos))),
  }),
  'byok-free': ({ tokens, nanos }) => ({
    ...both(tokens),
    cost: 0,
    is_byok: true,
    ...upstream(dollars(nanos)),
  }),
  'byok-text': ({ tokens, nanos }) => ({
    ...both(tokens),
    cost: dollars(feeOf(nanos)).toFixed(9),
    is_byok: true,
    ...upstream(dollars(nanos - feeOf(nanos)).toFixed(9)),
  }),
  'byok-fee-alone': ({ tokens, nanos }) => ({
    ...both(tokens),
    cost: dollars(feeOf(nanos)),
    is_byok: true,
    ...upstream(null),
  }),
  'byok-unsaid': ({ tokens, nanos }) => ({ ...both(tokens), cost: 0, ...upstream(dollars(nanos)) }),
} satisfies Record<string, (charged: Charged) => unknown>;

export type UsageWay = keyof typeof WAYS;
export const USAGE_WAYS = Object.keys(WAYS) as UsageWay[];

/** Returns the `usage` of an answer, stated in this way; undefined: none. */
export const usageSaid = (way: UsageWay, charged: Charged): unknown => WAYS[way](charged);
