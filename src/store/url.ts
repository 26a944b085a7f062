import { existsSync } from 'node:fs';
import { usageFault } from '../fault.js';

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
    const path = value.replace(/^file:(?:\/\/(?=\/))?/i, '').replace(/\?.*$/, '');
    if (path === '') return refuse('names no file');
    return { kind: 'file', url: value, path: decodeURIComponent(path) };
  }
  if (scheme === undefined || !['libsql', 'https', 'wss', 'http', 'ws'].includes(scheme))
    return refuse(
      scheme === undefined ? 'has no scheme' : `"${scheme}:" is not a scheme of a libSQL database`,
    );
  if (!URL.canParse(value.replace(/^[^:]+/, 'http'))) return refuse('is not a URL');
  const url = new URL(value.replace(/^[^:]+/, 'http'));
  const tls = url.searchParams.get('tls');
  url.searchParams.delete('tls');
  const plaintext = scheme === 'http' || scheme === 'ws' || tls === '0';
  if (plaintext && tls !== '0' && !LOOPBACK.test(url.hostname))
    return refuse(`plaintext to ${url.hostname} must be asked for with ?tls=0`);
  // Every scheme speaks the same protocol over HTTP: one client, with deadlines of ours.
  const rest = `${url.host}${url.pathname.replace(/\/$/, '')}${url.search}`;
  return { kind: 'remote', url: `${plaintext ? 'http' : 'https'}://${rest}` };
}

/** Whether the URL names a file that is not there: a look at it must not make it. */
export function isMissingFile(value: string): boolean {
  const url = parseStoreUrl(value);
  return url.kind === 'file' && !existsSync(url.path);
}
