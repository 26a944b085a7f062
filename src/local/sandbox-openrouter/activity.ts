import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { sendError, sendJson } from './answer.js';
import type { BillEntry } from './bill.js';

/** One item of GET /activity, with OpenRouter's names: dollars, and days in UTC. */
interface ActivityItem {
  date: string;
  model: string;
  model_permaslug: string;
  endpoint_id: string;
  provider_name: string;
  usage: number;
  byok_usage_inference: number;
  requests: number;
  prompt_tokens: number;
  completion_tokens: number;
  reasoning_tokens: number;
}

interface Parts {
  entries: () => readonly BillEntry[];
  /** The key that the requests used; undefined: any. */
  key: string | undefined;
  /** The only key that may ask; undefined: any but `key`. */
  managementKey: string | undefined;
  /** Epoch ms. */
  now: () => number;
}

const DAYS = 30;
const DAY_MS = 86_400_000;
const ENDPOINT = '00000000-0000-4000-8000-000000000000';

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Converts a sum in integer nanodollars to dollars. */
const dollars = (nanos: number): number => nanos / 1e9;

/**
 * Returns the bill's last 30 completed UTC days, by day and model, newest first. Answers from the response cache count
 * as requests without tokens; refused requests do not count. `now`: epoch ms. `date`: only that day.
 */
function activityOf(entries: readonly BillEntry[], now: number, date: string | null = null): ActivityItem[] {
  const today = dayOf(now);
  const first = dayOf(now - DAYS * DAY_MS);
  const items = new Map<string, ActivityItem>();
  for (const { at, model, tokens, costNanos, upstreamNanos = 0, cached } of entries) {
    const day = at.slice(0, 10);
    if (model === undefined || (tokens === 0 && costNanos === 0 && !cached)) continue;
    if (day >= today || day < first || (date !== null && day !== date)) continue;
    const key = `${day} ${model}`;
    const item = items.get(key) ?? empty(day, model);
    items.set(key, item);
    item.requests += 1;
    item.prompt_tokens += tokens;
    item.usage += costNanos - upstreamNanos;
    item.byok_usage_inference += upstreamNanos;
  }
  return [...items.values()]
    .sort((a, b) => (a.date === b.date ? a.model.localeCompare(b.model) : a.date < b.date ? 1 : -1))
    .map((item) => ({
      ...item,
      usage: dollars(item.usage),
      byok_usage_inference: dollars(item.byok_usage_inference),
    }));
}

/** An item before anything is added. Sums stay in nanodollars until the end. */
const empty = (date: string, model: string): ActivityItem => ({
  date,
  model,
  model_permaslug: model,
  endpoint_id: ENDPOINT,
  provider_name: 'Sandbox',
  usage: 0,
  byok_usage_inference: 0,
  requests: 0,
  prompt_tokens: 0,
  completion_tokens: 0,
  reasoning_tokens: 0,
});

/** Answers GET /activity, only for a management key; `date` and `api_key_hash` narrow it. */
export const createActivity =
  ({ entries, key: ours, managementKey, now }: Parts) =>
  async (response: ServerResponse, url: string, key: string): Promise<void> => {
    if (key === ours)
      return sendError(response, 403, 'Only management keys can fetch activity for an account');
    if (managementKey !== undefined && key !== managementKey)
      return sendError(response, 401, 'No auth credentials found');
    const query = new URL(url, 'http://sandbox').searchParams;
    const hash = query.get('api_key_hash');
    const wanted = hash === null || ours === undefined || hash === sha256(ours) ? entries() : [];
    sendJson(response, 200, { data: activityOf(wanted, now(), query.get('date')) });
  };

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
