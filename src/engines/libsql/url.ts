import { existsSync } from 'node:fs';
import { usageFault } from '../../fault.js';

export type StoreUrl = { kind: 'file'; url: string; path: string } | { kind: 'remote'; url: string };

const FORMS = 'use libsql://host, https://host, file:path, or http:// on loopback';
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Converts TURSO_DATABASE_URL to the form that the client accepts. Plaintext is allowed on loopback; elsewhere it needs
 * `?tls=0`. Throws a Fault of kind `usage` that shows the forms and no secret.
 */
export function parseStoreUrl(value: string): StoreUrl {
  const refuse = (why: string): never => {
    throw usageFault(`TURSO_DATABASE_URL: ${why}; ${FORMS}`);
  };
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(value)?.[1]?.toLowerCase();
  if (scheme === 'file') {
    const [rest = '', query] = value.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/i, '').split('?', 2);
    if (query !== undefined || rest.includes('#')) return refuse('a file takes no parameters');
    const path = unescaped(rest);
    if (path === null || path === '' || path.startsWith('//')) return refuse('names no file');
    if (path.startsWith(':memory:')) return refuse('a store in memory would be gone with its process');
    // Normalized, so that the client opens the same file whose folder and mode were prepared.
    return { kind: 'file', url: `file:${path.split('/').map(encodeURIComponent).join('/')}`, path };
  }
  if (scheme === undefined || !['libsql', 'https', 'wss', 'http', 'ws'].includes(scheme))
    return refuse(
      scheme === undefined ? 'has no scheme' : `"${scheme}:" is not a scheme of a libSQL database`,
    );
  if (!URL.canParse(value.replace(/^[^:]+/, 'http'))) return refuse('is not a URL');
  const url = new URL(value.replace(/^[^:]+/, 'http'));
  // The client refuses these too, but with other messages, and not before the first use.
  if ([...url.searchParams.keys()].some((name) => name !== 'tls' && name !== 'authToken'))
    return refuse('takes no parameters but tls and authToken');
  if (url.username !== '' || url.password !== '')
    return refuse('takes no user or password: TURSO_AUTH_TOKEN is for that');
  const tls = url.searchParams.get('tls');
  if (tls !== null && tls !== '0' && tls !== '1') return refuse('tls must be 0 or 1');
  if (tls === '1' && (scheme === 'http' || scheme === 'ws')) return refuse(`${scheme}:// has no TLS`);
  url.searchParams.delete('tls');
  const plaintext = scheme === 'http' || scheme === 'ws' || tls === '0';
  if (plaintext && tls !== '0' && !LOOPBACK.test(url.hostname))
    return refuse(`an unencrypted connection to ${url.hostname} needs ?tls=0`);
  // All schemes use the same protocol over HTTP: one client, with our deadlines, serves them.
  const target = plaintext ? 'http' : 'https';
  // Parsed with the target scheme: URL drops a scheme's default port, and https has another one than http.
  const { host } = new URL(value.replace(/^[^:]+/, target));
  const rest = `${host}${url.pathname.replace(/\/$/, '')}${url.search}`;
  return { kind: 'remote', url: `${target}://${rest}` };
}

function unescaped(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** Returns whether the URL names a file that does not exist: a read must not create it. */
export function isMissingFile(value: string): boolean {
  const url = parseStoreUrl(value);
  return url.kind === 'file' && !existsSync(url.path);
}
