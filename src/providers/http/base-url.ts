import { usageFault } from '../../fault.js';

/**
 * Returns the API's base address without its trailing slash, e.g. `https://openrouter.ai/api/v1`. Throws a usage Fault
 * when it is no http(s) address, or when it would send a key unencrypted beyond this machine.
 */
export function checkedBaseUrl(baseUrl: string, hasKey: boolean): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw usageFault('OPENROUTER_BASE_URL must be an address such as https://openrouter.ai/api/v1');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw usageFault('OPENROUTER_BASE_URL must hold no user name, password, query or fragment');
  if (url.protocol === 'http:' && hasKey && !isLoopback(url.hostname))
    throw usageFault(
      `OPENROUTER_BASE_URL is plain http to ${url.hostname}, which would send OPENROUTER_API_KEY unencrypted: use https`,
    );
  return url.origin + url.pathname.replace(/\/+$/, '');
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host);

/** Throws a usage Fault for a key that no HTTP header can carry: fetch would print the whole key in its error. */
export function checkKey(apiKey: string | null): void {
  if (apiKey !== null && !/^[\x21-\x7e]+$/.test(apiKey))
    throw usageFault(
      'OPENROUTER_API_KEY must be printable ASCII without blanks: copy it again from openrouter.ai/keys',
    );
}

/** Returns the address with the usual version in its path; null when it has one. OpenRouter's API is below /api. */
export function withVersion(baseUrl: string): string | null {
  const { pathname, hostname } = new URL(baseUrl);
  if (/\/v\d+[a-z0-9]*(?:\/|$)/.test(pathname)) return null;
  const root = hostname === 'openrouter.ai' && pathname === '/' ? '/api' : '';
  return `${baseUrl.replace(/\/+$/, '')}${root}/v1`;
}
