/**
 * The threat: Temporal's Web UI has no login and answers to every host name. A web page whose name resolves to
 * 127.0.0.1 (DNS rebinding) could read and start runs through the browser of this machine's user, and any page could
 * send requests to it. So only requests to a local host name, and those of the Web UI's own pages, may pass. This does
 * not restrict programs of this machine that are no browsers.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** With any port, as the near end of an SSH tunnel may have another one. */
const LOCAL = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
const READS = new Set(['GET', 'HEAD']);

export interface Asked {
  method?: string | undefined;
  headers: IncomingHttpHeaders;
}

/** Returns null when the request may pass, else why not. */
export function refusal({ method = 'GET', headers }: Asked): string | null {
  const { host = '', origin } = headers;
  if (!LOCAL.test(host)) return 'called by another host name than localhost';
  if (origin !== undefined) return origin === `http://${host}` ? null : 'called by a page of another site';
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return null;
  // A link to the Web UI, in a mail or a dashboard, may be followed; any other request from another site is refused.
  const isLink =
    headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document' && READS.has(method);
  return isLink ? null : 'called by a page of another site';
}
