import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { NoSuchSample } from '../domain/find-sample.js';
import { Fault } from '../fault.js';
import { hideSecrets } from '../hide-secrets.js';
import { SearchQueueFull } from '../search/search-queue.js';

/** The body of every refusal. `detail` is a sentence for a person, with the cure. */
export interface Refusal {
  code: string;
  detail: string;
}

/** Answers with a refusal. */
export const refuse = (c: Context, status: ContentfulStatusCode, code: string, detail: string): Response =>
  c.json({ code, detail } satisfies Refusal, status);

/** A request that names what is not there, or what cannot be. */
export class BadRequest extends Error {
  constructor(
    readonly status: ContentfulStatusCode,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The answer to what a handler threw. `report`: told what nobody foresaw. */
export function refusalOf(error: unknown, c: Context, report: (error: unknown) => void): Response {
  if (error instanceof BadRequest) return refuse(c, error.status, error.code, error.message);
  if (error instanceof SearchQueueFull) {
    c.header('Retry-After', '1');
    return refuse(c, 503, 'busy', error.message);
  }
  if (error instanceof NoSuchSample) return refuse(c, 404, 'no-sample', error.message);
  if (error instanceof Fault)
    return error.kind === 'usage'
      ? refuse(c, 400, 'usage', error.message)
      : refuse(c, 503, 'blocked', error.message);
  if (c.req.raw.signal.aborted) return refuse(c, 503, 'aborted', 'the request was given up');
  report(error);
  const words = hideSecrets(error instanceof Error ? error.message : String(error));
  return refuse(c, 502, 'failed', `${words}; it may pass: ask again`);
}
