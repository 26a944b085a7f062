import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { refuse } from './refuse.js';

export interface GuardOptions {
  /** Required of every request. Null: the server listens on loopback only, and no request needs a token. */
  token: string | null;
  /** Other origins whose pages may send requests, like `https://app.example.com`. */
  allowOrigins: readonly string[];
}

/** Returns the cookie's name. Cookies ignore the port, so that servers on one host would overwrite each other's. */
const cookieOf = (host: string): string => `embeddings_token_${/:(\d+)$/.exec(host)?.[1] ?? '80'}`;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** Returns whether a Host header names loopback. Under DNS rebinding, the header names the foreign page instead. */
export const isLoopbackName = (host: string): boolean => LOOPBACK.test(host);

/**
 * Refuses requests from foreign pages, and requests without the token where there is one. Where there is none, the Host
 * header must name loopback, against DNS rebinding. Pages must be the server's own or of an allowed origin.
 */
export const guard =
  ({ token, allowOrigins }: GuardOptions): MiddlewareHandler =>
  async (c, next) => {
    const host = c.req.header('host') ?? '';
    if (token === null && !isLoopbackName(host))
      return refuse(
        c,
        403,
        'host',
        `this server accepts only the names localhost and 127.0.0.1, and the request named ${host}`,
      );
    const origin = c.req.header('origin');
    const allowed = origin !== undefined && allowOrigins.includes(origin);
    if (!allowed && isForeign(c.req.raw, host))
      return refuse(
        c,
        403,
        'origin',
        `pages of ${origin ?? 'other sites'} are refused: allow them with embeddings serve --allow-origin`,
      );
    if (c.req.method === 'OPTIONS' && allowed) {
      c.header('Access-Control-Allow-Methods', 'GET, HEAD, POST');
      c.header('Access-Control-Allow-Headers', c.req.header('access-control-request-headers') ?? '');
      return c.body(null, 204);
    }
    if (token !== null) {
      // Only the page is opened with the token in its address, once; its later requests carry the cookie. Elsewhere an
      // address with a token would end up in logs and histories.
      const asked = c.req.method === 'GET' && c.req.path === '/' ? c.req.query('token') : undefined;
      if (asked !== undefined && same(asked, token)) {
        setCookie(c, cookieOf(host), token, { httpOnly: true, sameSite: 'Strict', path: '/' });
        return c.redirect('/', 303);
      }
      if (!hasToken(c.req.header('authorization'), getCookie(c, cookieOf(host)), token))
        return refuse(
          c,
          401,
          'token',
          'this server requires its token: open the address that it printed, or send Authorization: Bearer TOKEN',
        );
    }
    await next();
  };

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

/** Returns whether a foreign page sent the request. A link to our page does not count; a frame or an image does. */
function isForeign(request: Request, host: string): boolean {
  const origin = request.headers.get('origin');
  if (origin !== null) return !URL.canParse(origin) || new URL(origin).host !== host;
  return isFromElsewhere(request) && !visitsPage(request);
}

/** Returns whether a page of another site or another port caused the request. */
export function isFromElsewhere({ headers }: Request): boolean {
  const site = headers.get('sec-fetch-site');
  return site !== null && site !== 'same-origin' && site !== 'none';
}

const visitsPage = ({ method, url, headers }: Request): boolean =>
  method === 'GET' &&
  new URL(url).pathname === '/' &&
  headers.get('sec-fetch-mode') === 'navigate' &&
  headers.get('sec-fetch-dest') === 'document';

function hasToken(authorization: string | undefined, cookie: string | undefined, token: string): boolean {
  const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  return [bearer, cookie].some((each) => each !== undefined && same(each, token));
}

/** Compares two texts in a time that does not depend on how much of them is equal. */
export const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Creates the middleware that adds security headers to every response. `scripts`: hashes of the page's scripts. */
export const headers =
  (scripts: readonly string[]): MiddlewareHandler =>
  async (c, next) => {
    await next();
    const policy = [
      "default-src 'none'",
      `script-src ${scripts.map((hash) => `'${hash}'`).join(' ') || "'none'"}`,
      "style-src 'unsafe-inline'",
      "connect-src 'self'",
      "img-src 'self' data: blob:",
      "media-src 'self' blob:",
      ...["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"],
    ];
    c.header('Content-Security-Policy', policy.join('; '));
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
    c.header('Cross-Origin-Opener-Policy', 'same-origin');
    if (c.res.headers.get('access-control-allow-origin') === null)
      c.header('Cross-Origin-Resource-Policy', 'same-origin');
  };
