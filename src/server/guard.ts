import type { MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { refuse } from './refuse.js';
import { bearerOf, isFromElsewhere, refuseForeignHost, refuseForeignPage } from './request-origin.js';
import { sameSecret } from './same-secret.js';

export interface GuardOptions {
  /** Required of every request. Null: the server listens on loopback only, and no request needs a token. */
  token: string | null;
  /** Other origins whose pages may send requests, like `https://app.example.com`. */
  allowOrigins: readonly string[];
}

/** Returns the cookie's name. Cookies ignore the port, so that servers on one host would overwrite each other's. */
const cookieOf = (host: string): string => `embeddings_token_${/:(\d+)$/.exec(host)?.[1] ?? '80'}`;

/**
 * Refuses requests from foreign pages, and requests without the token where there is one. Where there is none, the Host
 * header must name loopback, against DNS rebinding. Pages must be the server's own or of an allowed origin.
 */
export const guard =
  ({ token, allowOrigins }: GuardOptions): MiddlewareHandler =>
  async (c, next) => {
    const host = c.req.header('host') ?? '';
    if (token === null) {
      const refused = refuseForeignHost(c);
      if (refused !== null) return refused;
    }
    const origin = c.req.header('origin');
    const allowed = origin !== undefined && allowOrigins.includes(origin);
    if (!allowed && isForeign(c.req.raw, host))
      return refuseForeignPage(c, 'allow them with embeddings serve --allow-origin');
    if (c.req.method === 'OPTIONS' && allowed) {
      c.header('Access-Control-Allow-Methods', 'GET, HEAD, POST');
      c.header('Access-Control-Allow-Headers', c.req.header('access-control-request-headers') ?? '');
      return c.body(null, 204);
    }
    if (token !== null) {
      // Only the page is opened with the token in its address, once; its later requests carry the cookie. Elsewhere an
      // address with a token would end up in logs and histories.
      const asked = c.req.method === 'GET' && c.req.path === '/' ? c.req.query('token') : undefined;
      if (asked !== undefined && sameSecret(asked, token)) {
        setCookie(c, cookieOf(host), token, { httpOnly: true, sameSite: 'Strict', path: '/' });
        return c.redirect('/', 303);
      }
      const shown = [bearerOf(c), getCookie(c, cookieOf(host))];
      if (!shown.some((each) => each !== undefined && sameSecret(each, token)))
        return refuse(
          c,
          401,
          'token',
          'this server requires its token: open the address that it printed, or send Authorization: Bearer TOKEN',
        );
    }
    await next();
  };

/** Returns whether a foreign page sent the request. A link to our page does not count; a frame or an image does. */
function isForeign(request: Request, host: string): boolean {
  const origin = request.headers.get('origin');
  if (origin !== null) return !URL.canParse(origin) || new URL(origin).host !== host;
  return isFromElsewhere(request) && !visitsPage(request);
}

const visitsPage = ({ method, url, headers }: Request): boolean =>
  method === 'GET' &&
  new URL(url).pathname === '/' &&
  headers.get('sec-fetch-mode') === 'navigate' &&
  headers.get('sec-fetch-dest') === 'document';
