import { homedir } from 'node:os';
import { join } from 'node:path';
import { usageFault } from '../fault.js';
import { hideSecrets } from '../hide-secrets.js';
import { type PostgresParameters, readParameters } from './postgres/parameters.js';

export type CatalogUrl =
  | { dialect: 'sqlite'; path: string }
  | ({ dialect: 'postgres'; url: string } & Pick<PostgresParameters, 'schemas' | 'preferTls'>);

const FORMS =
  'write postgresql://user:password@host:5432/database, sqlite:///relative.db, sqlite:////absolute/path.db or a path';

/** SQLAlchemy's grammar for URLs, except that a password may contain an unescaped @. */
const URL_FORM =
  /^(?:([^:/?@]*)(?::(.*?))?@)?(\[[^\]/?]+\]|[^/:?@[\]]*)(?::([^/?@]*))?(?:\/([^?]*))?(?:\?(.*))?$/s;

/**
 * Reads DATABASE_URL as SQLAlchemy does, so that the script's own value works: `+driver` is dropped, user and password
 * are percent-decoded, the database's name and SQLite's path are taken literally. `file:` URLs and plain paths are
 * SQLite too. The returned PostgreSQL url has the form that `pg` reads. Throws a usage Fault that shows the value
 * without its password.
 */
export function parseCatalogUrl(value: string): CatalogUrl {
  const text = value.trim();
  const scheme = /^([a-z][\w.-]*)(?:\+[\w.-]*)?:(\/\/)?/i.exec(text);
  const rest = text.slice(scheme?.[0].length ?? 0);
  switch (scheme?.[1]?.toLowerCase()) {
    case 'postgres':
    case 'postgresql':
      return postgresUrl(text, scheme?.[2] ? URL_FORM.exec(rest) : null);
    case 'sqlite':
      return { dialect: 'sqlite', path: sqlitePath(text, scheme?.[2] ? rest : '') };
    case 'file':
      return { dialect: 'sqlite', path: filePath(text) };
  }
  if (text === '' || scheme?.[2] || text === ':memory:' || isNoPath(text)) throw wrong(text);
  return { dialect: 'sqlite', path: expandHome(text) };
}

/** Expands `~` and `~/Samples`, as a shell would. Returns the path unchanged when this user has no home directory. */
export function expandHome(path: string): string {
  if (path !== '~' && !path.startsWith('~/')) return path;
  try {
    return join(homedir(), path.slice(1));
  } catch {
    return path;
  }
}

/** Returns true for a mistyped URL, as `postgres//user:password@host`: messages show paths, here with the password. */
const isNoPath = (text: string): boolean =>
  /^[a-z][\w+.-]+(?::|\/\/)/i.test(text) || hideSecrets(text) !== text;

function postgresUrl(text: string, parts: RegExpExecArray | null): CatalogUrl {
  if (!parts) throw wrong(text);
  const [, user = '', password, host = '', port = '', database = '', query = ''] = parts;
  if (port !== '' && !(/^\d{1,5}$/.test(port) && Number(port) < 65_536)) throw wrong(text);
  if (host.includes(',')) throw wrong(text);
  const { passedOn, schemas, preferTls, database: dbname } = readParameters(query);
  const secret = password === undefined ? '' : `:${encodeURIComponent(unquote(password))}`;
  const login = user || secret ? `${encodeURIComponent(unquote(user))}${secret}@` : '';
  const place = `${host || 'localhost'}${port && `:${port}`}`;
  const parameters = passedOn.size === 0 ? '' : `?${passedOn.toString().replaceAll('+', '%20')}`;
  // `pg` does not accept a URL with an empty host. Host and port in the query take precedence there, as in libpq.
  const url = `postgresql://${login}${place}/${encodeURIComponent(database || (dbname ?? ''))}${parameters}`;
  if (!URL.canParse(url)) throw wrong(text);
  return { dialect: 'postgres', url, schemas, preferTls };
}

function sqlitePath(text: string, rest: string): string {
  const path = /^\/([^?]+)/.exec(rest)?.[1];
  if (path === undefined || path.startsWith(':memory:')) throw wrong(text);
  return path.startsWith('file:') ? filePath(path) : path;
}

function filePath(text: string): string {
  const path = unquote(text.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/i, '').replace(/[?#].*$/s, ''));
  if (path === '' || path.startsWith('//') || path.startsWith(':memory:')) throw wrong(text);
  return path;
}

/** Decodes like Python's unquote: text that is no percent escape stays, where decodeURIComponent would throw. */
function unquote(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

const wrong = (text: string) =>
  usageFault(
    text === ''
      ? `DATABASE_URL is empty; ${FORMS}`
      : `DATABASE_URL does not name a catalog, got "${hideSecrets(text)}"; ${FORMS}`,
  );
