import { recordOf } from './json.js';

/** What an answer says of its usage, as far as it can be so. */
export interface SaidUsage {
  /** Prompt tokens; null: not said. */
  tokens: number | null;
  /** The most tokens that may have been billed by what is said; null: not said, or too few to be believed. */
  tokensMost: number | null;
  /** The whole cost in integer nanodollars, fee and upstream together; null: not said. */
  costNanos: number | null;
  /** The most that may have been billed by the stated cost; null: it is no bound, since 0 or a part of it is not said. */
  costMost: number | null;
  /** Of a key of one's own: what OpenRouter takes, and what the provider behind it takes; null: not said. */
  byok: { feeNanos: number | null; upstreamNanos: number | null } | null;
}

/** What was sent: no provider counts far more tokens than bytes, or fewer than texts. */
export interface Sent {
  inputs: number;
  /** UTF-8 bytes of all texts. */
  bytes: number;
}

/** Tokens a byte, and bytes that a server may add to a text (a prompt of its own), generously: more is not believed. */
const MOST_TOKENS_A_BYTE = 16;
const ADDED_BYTES = 64;
/** Bytes a token: few texts reach it, and none of our language. Fewer tokens are no upper bound. */
const MOST_BYTES_A_TOKEN = 16;
/** Dollars a request. */
const MOST_DOLLARS = 1_000_000;

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** A number, or a number written as text; null for anything else, NaN and infinity included. */
const numberOf = (value: unknown): number | null => {
  const read = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : null;
};

/** Dollars in integer nanodollars; null where it is no price that one request can have. */
const nanosOf = (value: unknown): number | null => {
  const dollars = numberOf(value);
  return dollars === null || dollars < 0 || dollars > MOST_DOLLARS ? null : Math.round(dollars * 1e9);
};

/** Reads `usage`. What is missing, negative, absurd or no number is not said; it is never taken for 0. */
export function readUsage(usage: unknown, sent: Sent): SaidUsage {
  const { prompt_tokens, total_tokens, cost, is_byok, cost_details } = recordOf(usage);
  const upstream = nanosOf(recordOf(cost_details).upstream_inference_cost);
  return {
    ...readTokens([prompt_tokens, total_tokens], sent),
    ...readCost(nanosOf(cost), upstream, is_byok),
  };
}

/** Whether `usage` says that anything was used, believable or not. */
export function saysUsed(usage: unknown): boolean {
  const { prompt_tokens, total_tokens, input_tokens, cost, cost_details } = recordOf(usage);
  const { upstream_inference_cost } = recordOf(cost_details);
  return [prompt_tokens, total_tokens, input_tokens, cost, upstream_inference_cost].some(
    (figure) => (numberOf(figure) ?? 0) > 0,
  );
}

/** A text that is not empty has tokens, so 0 is not said. Of two that differ the smaller is booked, the larger bounds. */
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
 * For a key of one's own `cost` is only the fee. Where it is not said whose key it was, what is stated is booked and
 * the upstream cost may come on top.
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
