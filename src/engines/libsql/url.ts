import { existsSync } from 'node:fs';
import { usageFault } from '../../fault.js';

export type StoreUrl = { kind: 'file'; url: string; path: string } | { kind: 'remote'; url: string };

const FORMS = 'use libsql://host, https://host, file:path, or http:// on loopback';
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * TURSO_DATABASE_URL as the client takes it. Plaintext is for loopback; elsewhere it has to be asked for with
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
    // In one form, so that what the client opens is the file whose folder and mode were seen to.
    return { kind: 'file', url: `file:${path.split('/').map(encodeURIComponent).join('/')}`, path };
  }
  if (scheme === undefined || !['libsql', 'https', 'wss', 'http', 'ws'].includes(scheme))
    return refuse(
      scheme === undefined ? 'has no scheme' : `"${scheme}:" is not a scheme of a libSQL database`,
    );
  if (!URL.canParse(value.replace(/^[^:]+/, 'http'))) return refuse('is not a URL');
  const url = new URL(value.replace(/^[^:]+/, 'http'));
  // The client refuses these too, but each in its own words, and not before the first use.
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
    return refuse(`plaintext to ${url.hostname} must be asked for with ?tls=0`);
  // Every scheme speaks the same protocol over HTTP: one client, with deadlines of ours.
  const target = plaintext ? 'http' : 'https';
  // Parsed as what it becomes: a URL drops the port that is its scheme's own, and https has another than http.
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

/** Whether the URL names a file that is not there: a look at it must not make it. */
export function isMissingFile(value: string): boolean {
  const url = parseStoreUrl(value);
  return url.kind === 'file' && !existsSync(url.path);
}
