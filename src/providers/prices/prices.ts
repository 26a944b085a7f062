/**
 * List prices in nanodollars a token (20 is $0.02 a million), read in November 2026. Only for when the provider's own
 * list cannot be had: prices change, so whoever shows a cost made of these says so.
 */
const FALLBACK_PRICES: ReadonlyMap<string, number> = new Map([
  ['openai/text-embedding-3-small', 20],
  ['openai/text-embedding-3-large', 130],
  ['openai/text-embedding-ada-002', 100],
]);

/** Nanodollars a token; null when no price is known, and none is assumed. */
export const fallbackPrice = (model: string): number | null => FALLBACK_PRICES.get(model) ?? null;

/** `pricing.prompt`, dollars a token as a decimal string, in nanodollars a token; null when it is no price. */
export function nanosPerToken(dollars: unknown): number | null {
  if (typeof dollars !== 'number' && (typeof dollars !== 'string' || dollars.trim() === '')) return null;
  // To a millionth of a nanodollar: 0.00000002 × 1e9 is not quite 20 in binary.
  const nanos = Math.round(Number(dollars) * 1e15) / 1e6;
  // OpenRouter writes -1 where the price depends on the route.
  return Number.isFinite(nanos) && nanos >= 0 ? nanos : null;
}
