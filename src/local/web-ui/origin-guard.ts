/**
 * The threat: Temporal's Web UI asks nobody who they are and answers to every name. A page on the web whose name is made
 * to resolve to 127.0.0.1 (DNS rebinding) could read runs and start them through the browser of whoever sits here, and
 * any page could send requests to it. Only a browser that was sent to this machine by name, and requests of the Web UI's
 * own pages, are let through. Programs of this machine are not browsers: they are not held back by this.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** With any port: it may be another one at the near end of an SSH tunnel. */
const LOCAL = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
const READS = new Set(['GET', 'HEAD']);

export interface Asked {
  method?: string | undefined;
  headers: IncomingHttpHeaders;
}

/** Null where the request may pass; else why not. */
export function refusal({ method = 'GET', headers }: Asked): string | null {
  const { host = '', origin } = headers;
  if (!LOCAL.test(host)) return 'asked for by another name than localhost';
  if (origin !== undefined) return origin === `http://${host}` ? null : 'asked for by a page of another site';
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return null;
  // A link to the Web UI, in a mail or a dashboard, may be followed; nothing else may be had from another site.
  const isLink =
    headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document' && READS.has(method);
  return isLink ? null : 'asked for by a page of another site';
}
