/**
 * List prices in nanodollars per token (20 is $0.02 per million), read in November 2026. Used only when the provider's
 * own list is not available. Prices change, so a cost from this list must be shown as such.
 */
const FALLBACK_PRICES: ReadonlyMap<string, number> = new Map([
  ['openai/text-embedding-3-small', 20],
  ['openai/text-embedding-3-large', 130],
  ['openai/text-embedding-ada-002', 100],
]);

/** Returns nanodollars per token; null when no price is known, as none is assumed. */
export const fallbackPrice = (model: string): number | null => FALLBACK_PRICES.get(model) ?? null;

/** Converts `pricing.prompt`, dollars per token as a decimal string, to nanodollars per token; null: no price. */
export function nanosPerToken(dollars: unknown): number | null {
  if (typeof dollars !== 'number' && (typeof dollars !== 'string' || dollars.trim() === '')) return null;
  // Rounded to a millionth of a nanodollar: 0.00000002 × 1e9 is not exactly 20 in binary.
  const nanos = Math.round(Number(dollars) * 1e15) / 1e6;
  // OpenRouter writes -1 when the price depends on the route.
  return Number.isFinite(nanos) && nanos >= 0 ? nanos : null;
}
