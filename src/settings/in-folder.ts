import { isAbsolute, join } from 'node:path';
import { parseStoreUrl } from '../engines/libsql/url.js';
import { Fault } from '../fault.js';
import { parseCatalogUrl } from '../sources/url.js';

/**
 * Returns a setting from a `.env` outside the working directory with relative paths resolved against that file's
 * folder. A value that is not a path, or cannot be parsed, is unchanged: the code that uses it reports the error.
 */
export function inFolder(folder: string, name: string, value: string): string {
  try {
    if (name === 'DATABASE_URL') return catalogIn(folder, value);
    if (name === 'TURSO_DATABASE_URL') return storeIn(folder, value);
  } catch (error) {
    if (error instanceof Fault) return value;
    throw error;
  }
  // A program without a slash is searched for on PATH.
  if (name === 'TEMPORAL_CLI_PATH' && !value.includes('/')) return value;
  return name === 'EMBEDDINGS_HOME' || /_(?:PATH|FILE)$/.test(name) ? pathIn(folder, value) : value;
}

const pathIn = (folder: string, path: string): string => (isAbsolute(path) ? path : join(folder, path));

function catalogIn(folder: string, value: string): string {
  const url = parseCatalogUrl(value);
  if (url.dialect === 'sqlite') return isAbsolute(url.path) ? value : join(folder, url.path);
  return value.replace(
    /([?&](?:sslrootcert|sslcert|sslkey)=)([^&#]+)/g,
    (_, parameter: string, path: string) => parameter + pathIn(inUrl(folder), path),
  );
}

function storeIn(folder: string, value: string): string {
  const url = parseStoreUrl(value);
  if (url.kind === 'remote' || isAbsolute(url.path)) return value;
  return `file:${inUrl(join(folder, url.path))}`;
}

const inUrl = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
