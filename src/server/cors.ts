import type { MiddlewareHandler } from 'hono';
import type { GuardOptions } from './guard.js';

/** Headers of answers that the pages of allowed origins may read. */
const EXPOSED = 'Content-Range, Content-Length, Content-Disposition, ETag, Retry-After';

/**
 * Creates the middleware that lets pages of allowed origins read every answer, refusals included. The headers are set on
 * the finished answer: a handler that returns a response of its own, such as a sound, drops those that were set before.
 */
export const cors =
  ({ allowOrigins }: Pick<GuardOptions, 'allowOrigins'>): MiddlewareHandler =>
  async (c, next) => {
    await next();
    if (allowOrigins.length > 0) c.header('Vary', 'Origin', { append: true });
    const origin = c.req.header('origin');
    if (origin === undefined || !allowOrigins.includes(origin)) return;
    c.header('Access-Control-Allow-Origin', origin);
    c.header('Access-Control-Expose-Headers', EXPOSED);
  };
