import { usageFault } from '../../fault.js';

/** Returns whether a server at this address can be reached only from this machine. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i.test(host);

const isEveryAddress = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** Returns the server's base URL for a browser on this machine, without a trailing slash. */
export function baseOf({ host, port }: { host: string; port: number }): string {
  // `localhost` may resolve only to 127.0.0.1.
  const name = host === '127.0.0.1' || isEveryAddress(host) ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** Returns the page's address; `token`: opens it once, null if none is required. */
export const pageOf = (base: string, token: string | null): string =>
  token === null ? `${base}/` : `${base}/?token=${encodeURIComponent(token)}`;

/** Parses an address to listen on, also `[::1]`. A usage Fault if it is empty: Node would listen on all addresses. */
export function hostOf(text: string): string {
  const host = text.trim().replace(/^\[(.*)\]$/, '$1');
  if (host === '')
    throw usageFault(
      '--host is empty: write an address like 127.0.0.1, or leave it out to listen for this machine alone',
    );
  return host;
}

/**
 * Returns the origin in the form that browsers send. Throws a usage Fault if the text has more than an origin: a path
 * would not restrict anything.
 */
export function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOrigin =
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.pathname === '/' &&
    `${url.search}${url.hash}${url.username}${url.password}` === '' &&
    !/[?#]$/.test(text);
  if (isOrigin) return url.origin;
  throw usageFault(
    `--allow-origin ${text} is no origin: write one like ${url !== null && url.host !== '' ? `${url.protocol}//${url.host}` : 'https://app.example.com'}`,
  );
}
