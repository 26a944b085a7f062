import type { Context } from 'hono';
import { refuse } from './refuse.js';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** Returns whether a Host header names loopback. Under DNS rebinding, the header names the foreign page instead. */
const isLoopbackName = (host: string): boolean => LOOPBACK.test(host);

/** Refuses a request whose Host header does not name loopback; returns null for any other. */
export function refuseForeignHost(c: Context): Response | null {
  const host = c.req.header('host') ?? '';
  if (isLoopbackName(host)) return null;
  return refuse(
    c,
    403,
    'host',
    `this server accepts only the names localhost and 127.0.0.1, and the request named ${host}`,
  );
}

/** Refuses a request of a page that is not allowed. `cure` says how to allow it. */
export const refuseForeignPage = (c: Context, cure: string): Response =>
  refuse(c, 403, 'origin', `pages of ${c.req.header('origin') ?? 'other sites'} are refused: ${cure}`);

/** Returns whether a page of another site or another port caused the request. */
export function isFromElsewhere({ headers }: Request): boolean {
  const site = headers.get('sec-fetch-site');
  return site !== null && site !== 'same-origin' && site !== 'none';
}

/** Returns the token of an Authorization header; undefined without one. */
export const bearerOf = (c: Context): string | undefined =>
  /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
