/**
 * The threat: the codec server decrypts payloads, and every page in a browser of this machine and every user of the
 * machine can send requests to it. So it accepts only loopback names, only pages of the Web UI, and only requests with
 * the token. The Web UI sends the token of its own login or none, so our token is part of the endpoint's path.
 */
import type { MiddlewareHandler } from 'hono';
import { refuse } from './refuse.js';
import { bearerOf, isFromElsewhere, refuseForeignHost, refuseForeignPage } from './request-origin.js';
import { sameSecret } from './same-secret.js';

export interface CodecGuardOptions {
  token: string;
  /** Origins of the Web UI, as browsers send them. */
  origins: readonly string[];
}

/** Headers that the Web UI sends; the last one with a login of Temporal Cloud. */
const HEADERS = 'Content-Type, X-Namespace, Authorization, Authorization-Extras';
const PREFLIGHT_SECONDS = '600';

export const codecGuard =
  ({ token, origins }: CodecGuardOptions): MiddlewareHandler =>
  async (c, next) => {
    const refused = refuseForeignHost(c);
    if (refused !== null) return refused;
    const origin = c.req.header('origin');
    if (origin === undefined ? isFromElsewhere(c.req.raw) : !origins.includes(origin))
      return refuseForeignPage(c, 'name the Web UI with embeddings codec-server --web-ui');
    if (origin !== undefined) {
      c.header('Access-Control-Allow-Origin', origin);
      c.header('Access-Control-Allow-Credentials', 'true');
      c.header('Vary', 'Origin');
    }
    if (c.req.method === 'OPTIONS' && origin !== undefined) {
      c.header('Access-Control-Allow-Methods', 'POST');
      c.header('Access-Control-Allow-Headers', HEADERS);
      c.header('Access-Control-Max-Age', PREFLIGHT_SECONDS);
      // Browsers send this for a page from another machine, such as Temporal Cloud's.
      if (c.req.header('access-control-request-private-network') === 'true')
        c.header('Access-Control-Allow-Private-Network', 'true');
      return c.body(null, 204);
    }
    const [inPath = ''] = c.req.path.split('/').slice(1, -1);
    if (!sameSecret(bearerOf(c) ?? '', token) && !sameSecret(inPath, token))
      return refuse(
        c,
        401,
        'token',
        'this server requires its token: use the endpoint that it printed, or send Authorization: Bearer TOKEN',
      );
    await next();
  };
