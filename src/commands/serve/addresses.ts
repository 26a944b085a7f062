import { usageFault } from '../../fault.js';

/** Whether whoever listens on this address is reached from this machine alone. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i.test(host);

const isEveryAddress = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** The server's own address as a browser on this machine takes it, without a slash at its end. */
export function baseOf({ host, port }: { host: string; port: number }): string {
  // `localhost` may mean 127.0.0.1 alone.
  const name = host !== '::1' && (isLoopback(host) || isEveryAddress(host)) ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** The page's address; `token`: opens it once, null where none is wanted. */
export const pageOf = (base: string, token: string | null): string =>
  token === null ? `${base}/` : `${base}/?token=${encodeURIComponent(token)}`;

/** An address to listen on as it is typed, also `[::1]`. Throws a usage Fault for none: Node would listen on all. */
export function hostOf(text: string): string {
  const host = text.trim().replace(/^\[(.*)\]$/, '$1');
  if (host === '')
    throw usageFault(
      '--host is empty: write an address like 127.0.0.1, or leave it out to listen for this machine alone',
    );
  return host;
}

/** As browsers send it. Throws a usage Fault for what is more than an origin: it would allow more than it says. */
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
