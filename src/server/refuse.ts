import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { NoSuchSample } from '../domain/find-sample.js';
import { Fault, SettingFault, Unavailable } from '../fault.js';
import { hideSecrets } from '../hide-secrets.js';
import { callerOf, inWordsOf } from '../search/in-words-of.js';
import { SearchFault, type SearchTrouble } from '../search/search-fault.js';
import { SearchQueueFull } from '../search/search-queue.js';

/** The body of every error response. `detail` is a sentence for a person that says what to do. */
export interface Refusal {
  code: string;
  detail: string;
}

/** Returns an error response. */
export const refuse = (c: Context, status: ContentfulStatusCode, code: string, detail: string): Response =>
  c.json({ code, detail } satisfies Refusal, status);

/** A request that names something missing or impossible. */
export class BadRequest extends Error {
  constructor(
    readonly status: ContentfulStatusCode,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Errors that a client cannot fix have a 5xx status. */
const STATUS: Readonly<Record<SearchTrouble, ContentfulStatusCode>> = {
  cap: 429,
  'cap-reserved': 503,
  'no-provider': 503,
  'provider-down': 502,
  'provider-busy': 503,
  'provider-refuses': 502,
  'query-refused': 400,
  'nothing-stored': 503,
  'other-model': 503,
  'no-vector': 409,
};

/** Seconds after which something that passes by itself may have passed. */
const SOON = 5;

/** Returns the seconds until midnight, UTC. */
const untilMidnight = (): number => 86_400 - (Math.floor(Date.now() / 1000) % 86_400);

function refuseSearch({ trouble, message, retryAfterMs }: SearchFault, c: Context): Response {
  if (trouble === 'cap') c.header('Retry-After', String(untilMidnight()));
  if (trouble === 'cap-reserved') c.header('Retry-After', '1');
  if (trouble === 'provider-busy')
    c.header('Retry-After', String(Math.max(SOON, Math.ceil((retryAfterMs ?? 0) / 1000))));
  return refuse(c, STATUS[trouble], trouble, inWordsOf(callerOf(c.req.path), message));
}

/** Codes by status, for requests that the framework itself refuses. */
const CODES: Readonly<Record<number, string>> = { 400: 'malformed', 413: 'too-large', 415: 'media-type' };

/** Returns the response to an error that a handler threw. Calls `report` with unexpected errors. */
export function refusalOf(error: unknown, c: Context, report: (error: unknown) => void): Response {
  if (error instanceof BadRequest) return refuse(c, error.status, error.code, error.message);
  if (error instanceof SearchFault) return refuseSearch(error, c);
  if (error instanceof HTTPException) {
    const { status, message } = error;
    const sentence = status === 400 ? 'the body is not valid JSON: send valid JSON' : message;
    return refuse(c, status as ContentfulStatusCode, CODES[status] ?? 'refused', sentence);
  }
  if (error instanceof SearchQueueFull) {
    c.header('Retry-After', '1');
    return refuse(c, 503, 'busy', error.message);
  }
  if (error instanceof NoSuchSample) return refuse(c, 404, 'no-sample', error.message);
  if (error instanceof Fault)
    return error.kind === 'usage' && !(error instanceof SettingFault)
      ? refuse(c, 400, 'usage', inWordsOf(callerOf(c.req.path), error.message))
      : refuse(c, 503, 'blocked', inWordsOf(callerOf(c.req.path), error.message));
  if (error instanceof Unavailable) {
    c.header('Retry-After', String(SOON));
    report(error);
    return refuse(c, 503, error.why, inWordsOf(callerOf(c.req.path), hideSecrets(error.message)));
  }
  if (c.req.raw.signal.aborted) return refuse(c, 503, 'aborted', 'the request was given up');
  report(error);
  const words = hideSecrets(error instanceof Error ? error.message : String(error));
  return refuse(c, 502, 'failed', `${words}; this may be temporary: try again`);
}
