import { recordOf } from './json.js';

/** The usage that an answer reports, as far as it is plausible. */
export interface SaidUsage {
  /** Prompt tokens; null: not reported. */
  tokens: number | null;
  /** Upper bound of the billed tokens; null: not reported, or implausibly few. */
  tokensMost: number | null;
  /** The whole cost in integer nanodollars, fee and upstream together; null: not reported. */
  costNanos: number | null;
  /** Upper bound of the billed cost, in nanodollars; null: there is none, since the cost is 0 or partly missing. */
  costMost: number | null;
  /** With the user's own provider key (BYOK): OpenRouter's fee and the provider's cost; null: not reported. */
  byok: { feeNanos: number | null; upstreamNanos: number | null } | null;
}

/** Size of the request. Plausible token counts are not far above the bytes, and not below the number of texts. */
export interface Sent {
  inputs: number;
  /** UTF-8 bytes of all texts. */
  bytes: number;
}

/** Generous limits: tokens a byte, and bytes that a server adds to a text (its own prompt). More is implausible. */
const MOST_TOKENS_A_BYTE = 16;
const ADDED_BYTES = 64;
/** Most bytes a token: few texts reach it, and none in our language. A smaller count is not used as a bound. */
const MOST_BYTES_A_TOKEN = 16;
/** Most dollars a request. */
const MOST_DOLLARS = 1_000_000;

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** Reads a number, or a number written as text; null for anything else, including NaN and infinity. */
const numberOf = (value: unknown): number | null => {
  const read = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : null;
};

/** Converts dollars to integer nanodollars; null if it is no possible price of one request. */
const nanosOf = (value: unknown): number | null => {
  const dollars = numberOf(value);
  return dollars === null || dollars < 0 || dollars > MOST_DOLLARS ? null : Math.round(dollars * 1e9);
};

/** Reads `usage`. Missing, negative, absurd and non-numeric values count as not reported, never as 0. */
export function readUsage(usage: unknown, sent: Sent): SaidUsage {
  const { prompt_tokens, total_tokens, cost, is_byok, cost_details } = recordOf(usage);
  const upstream = nanosOf(recordOf(cost_details).upstream_inference_cost);
  return {
    ...readTokens([prompt_tokens, total_tokens], sent),
    ...readCost(nanosOf(cost), upstream, is_byok),
  };
}

/** Returns whether `usage` reports that anything was used, plausible or not. */
export function saysUsed(usage: unknown): boolean {
  const { prompt_tokens, total_tokens, input_tokens, cost, cost_details } = recordOf(usage);
  const { upstream_inference_cost } = recordOf(cost_details);
  return [prompt_tokens, total_tokens, input_tokens, cost, upstream_inference_cost].some(
    (figure) => (numberOf(figure) ?? 0) > 0,
  );
}

/** Ignores 0, since a text has tokens. If two counts differ, the smaller is booked and the larger is the bound. */
function readTokens(counts: unknown[], { inputs, bytes }: Sent): Pick<SaidUsage, 'tokens' | 'tokensMost'> {
  const most = MOST_TOKENS_A_BYTE * (bytes + ADDED_BYTES * inputs);
  const least = Math.max(inputs, bytes / MOST_BYTES_A_TOKEN);
  const said = counts
    .map(numberOf)
    .flatMap((count) => (count === null ? [] : [Math.ceil(count)]))
    .filter((count) => count > 0 && count <= most);
  const believed = said.filter((count) => count >= least);
  if (believed.length > 0) return { tokens: Math.min(...believed), tokensMost: Math.max(...believed) };
  return { tokens: said[0] ?? null, tokensMost: null };
}

/**
 * With the user's own key, `cost` is only the fee. If the answer does not say whose key it was, the stated cost is
 * booked, and the bound includes the upstream cost.
 */
function readCost(
  stated: number | null,
  upstream: number | null,
  isByok: unknown,
): Pick<SaidUsage, 'costNanos' | 'costMost' | 'byok'> {
  if (isByok !== true && String(isByok).toLowerCase() !== 'true') {
    const most = (stated ?? 0) + (isByok === false ? 0 : (upstream ?? 0));
    return { costNanos: stated, costMost: stated === null || most === 0 ? null : most, byok: null };
  }
  const whole = stated === null && upstream === null ? null : (stated ?? 0) + (upstream ?? 0);
  return {
    costNanos: whole,
    costMost: stated !== null && upstream ? whole : null,
    byok: { feeNanos: stated, upstreamNanos: upstream },
  };
}
