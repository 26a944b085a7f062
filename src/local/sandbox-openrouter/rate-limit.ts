/** Token buckets for requests and for tokens, as providers have them; each begins full. */
export interface RateLimit {
  requestsPerMinute?: number;
  tokensPerMinute?: number;
  /** Capacity of a bucket in seconds of its rate; default 60. */
  holdsSeconds?: number;
  /** Retry-After of a refusal; default `1`. */
  retryAfter?: string;
}

interface Bucket {
  level: number;
  readonly size: number;
  readonly perMs: number;
}

const bucket = (perMinute: number | undefined, seconds: number): Bucket | null => {
  if (perMinute === undefined) return null;
  const size = (perMinute / 60) * seconds;
  return { level: size, size, perMs: perMinute / 60_000 };
};

/** Returns a function that admits a request of so many tokens, or refuses it and takes nothing. `now`: ms. */
export function createRateLimit(limit: RateLimit, now: () => number): (tokens: number) => boolean {
  const seconds = limit.holdsSeconds ?? 60;
  const requests = bucket(limit.requestsPerMinute, seconds);
  const tokens = bucket(limit.tokensPerMinute, seconds);
  let filledAt = now();
  return (amount) => {
    const at = now();
    for (const each of [requests, tokens])
      if (each !== null) each.level = Math.min(each.size, each.level + (at - filledAt) * each.perMs);
    filledAt = at;
    if ((requests !== null && requests.level < 1) || (tokens !== null && tokens.level < amount)) return false;
    if (requests !== null) requests.level -= 1;
    if (tokens !== null) tokens.level -= amount;
    return true;
  };
}
