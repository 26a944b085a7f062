import { usageFault } from '../fault.js';
import { activityOfCsv } from './activity-csv.js';
import { activityOfItems } from './activity-items.js';
import type { Activity } from './types.js';

/** How to get a readable file, for the end of a message. */
const CURE =
  'it must be the JSON of GET /activity, or the CSV with a row a request that the Activity page of openrouter.ai exports';

/**
 * Reads the provider's activity from a file's text: the JSON of GET /activity, or a CSV export. `source` names the file
 * in messages. Throws a usage Fault for other text, or a row that cannot be read.
 */
export function readActivity(text: string, source: string): Activity {
  const body = text.replace(/^\uFEFF/, '').trim();
  if (body === '') throw usageFault(`${source} is empty: ${CURE}`);
  if (!/^[[{]/.test(body)) return activityOfCsv(body, source, CURE);
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    throw usageFault(`${source} is not whole JSON (${(error as Error).message}): ${CURE}`, error);
  }
  return { rows: activityOfItems(itemsOf(json, source), source), from: null, to: null };
}

/** Returns the list in `{ data: […] }`, or the list itself. */
function itemsOf(json: unknown, source: string): unknown[] {
  const items = Array.isArray(json) ? json : (json as { data?: unknown }).data;
  if (Array.isArray(items)) return items;
  const message = (json as { error?: { message?: unknown } }).error?.message;
  throw usageFault(
    typeof message === 'string'
      ? `${source} holds an error, "${message}", and no activity: ${CURE}`
      : `${source} is JSON without a list "data", so it is no activity: ${CURE}`,
  );
}
