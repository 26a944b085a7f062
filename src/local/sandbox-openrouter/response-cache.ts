import type { BillEntry } from './bill.js';

/** More than a long run sends in the minutes within which a batch may be sent again. */
const ENTRIES = 20_000;
const DEFAULT_TTL_S = 300;
const MAX_TTL_S = 86_400;

/** Returns the ms an answer is kept, from X-OpenRouter-Cache-TTL in seconds: 300 if absent or absurd, at most a day. */
export function ttlMs(header: string | string[] | undefined): number {
  const seconds = Number(header);
  return (seconds >= 1 ? Math.min(seconds, MAX_TTL_S) : DEFAULT_TTL_S) * 1000;
}

/** Remembers answered requests and until when (epoch ms) their repeat is free. A hit does not extend that time. */
export function createResponseCache(billed: readonly BillEntry[], now: () => number, entries = ENTRIES) {
  const until = new Map<string, number>();
  const keep = (key: string, end: number): void => {
    // Inserted again at the end, so that the first entry is the oldest, which is removed first.
    until.delete(key);
    const oldest = until.size >= entries ? until.keys().next().value : undefined;
    if (oldest !== undefined) until.delete(oldest);
    until.set(key, end);
  };
  for (const { cacheKey, cachedUntil } of billed)
    if (cacheKey !== undefined && cachedUntil !== undefined) keep(cacheKey, cachedUntil);
  return { keep, has: (key: string): boolean => (until.get(key) ?? 0) > now() };
}
