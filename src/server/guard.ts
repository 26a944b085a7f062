import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { refuse } from './refuse.js';

export interface GuardOptions {
  /** Whoever asks must have it; null: the server listens on loopback alone, and nobody needs one. */
  token: string | null;
  /** Origins besides its own whose pages may ask, like `https://app.example.com`. */
  allowOrigins: readonly string[];
}

const COOKIE = 'embeddings_token';
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** Whether a Host header names this machine: a page of the web that has its name point here (DNS rebinding) does not. */
export const isLoopbackName = (host: string): boolean => LOOPBACK.test(host);

/**
 * Who may ask. Without a token only who calls the server by a name of loopback: a page of the web that had its own name
 * point here (DNS rebinding) has another one. And only pages of the server itself, or of allowed origins.
 */
export const guard =
  ({ token, allowOrigins }: GuardOptions): MiddlewareHandler =>
  async (c, next) => {
    const host = c.req.header('host') ?? '';
    if (token === null && !isLoopbackName(host))
      return refuse(c, 403, 'host', `this server answers to localhost and 127.0.0.1, and was called ${host}`);
    const origin = c.req.header('origin');
    const allowed = origin !== undefined && allowOrigins.includes(origin);
    if (allowed) {
      c.header('Access-Control-Allow-Origin', origin);
      c.header('Vary', 'Origin');
      c.header('Access-Control-Expose-Headers', 'Content-Range, Content-Length, Content-Disposition, ETag');
    }
    if (!allowed && isForeign(c.req.raw, host))
      return refuse(
        c,
        403,
        'origin',
        `pages of ${origin ?? 'other sites'} may not ask: allow them with embeddings serve --allow-origin`,
      );
    if (c.req.method === 'OPTIONS' && allowed) {
      c.header('Access-Control-Allow-Methods', 'GET, HEAD, POST');
      c.header('Access-Control-Allow-Headers', c.req.header('access-control-request-headers') ?? '');
      return c.body(null, 204);
    }
    if (token !== null) {
      const asked = c.req.query('token');
      if (asked !== undefined && same(asked, token)) {
        // A page is opened with it once; what the page asks for carries the cookie.
        setCookie(c, COOKIE, token, { httpOnly: true, sameSite: 'Strict', path: '/' });
        if (c.req.method === 'GET' && c.req.path === '/') return c.redirect('/', 303);
      } else if (!hasToken(c.req.header('authorization'), getCookie(c, COOKIE), token))
        return refuse(
          c,
          401,
          'token',
          'this server wants its token: open the address that it printed, or send Authorization: Bearer TOKEN',
        );
    }
    await next();
  };

/** Whether a page of another site asks. Following a link to the page itself is no asking; a frame or an image of it is. */
function isForeign(request: Request, host: string): boolean {
  const origin = request.headers.get('origin');
  if (origin !== null) return !URL.canParse(origin) || new URL(origin).host !== host;
  return isFromElsewhere(request) && !visitsPage(request);
}

/** Whether a page of another site, or of another port, has led here. */
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

/** In a time that does not tell how much of it is right. */
export const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** What every answer says to the browser that gets it. `scripts`: hashes of those that the page holds. */
export const headers =
  (scripts: readonly string[]): MiddlewareHandler =>
  async (c, next) => {
    await next();
    // regl, which draws the map, makes functions of its shaders: that takes 'unsafe-eval'.
    const policy = [
      "default-src 'none'",
      `script-src ${scripts.map((hash) => `'${hash}'`).join(' ') || "'none'"} 'unsafe-eval'`,
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
