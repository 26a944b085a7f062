import { usageFault } from '../../fault.js';
import { parseSearchPath, takeSearchPath } from './schema-path.js';

/** The settings in the query of a PostgreSQL URL that affect reading. */
export interface PostgresParameters {
  /** Parameters for `pg`: TLS, host and port, timeouts. */
  passedOn: URLSearchParams;
  /** Schemas that are searched for the tables, in order. Null: the server's search path. */
  schemas: string[] | null;
  /** Use TLS if the server offers it, as libpq does without an sslmode. */
  preferTls: boolean;
  /** libpq's `dbname`; null: the URL's path names the database. */
  database: string | null;
}

const PASSED_ON = new Set([
  'host',
  'port',
  'user',
  'password',
  'application_name',
  'fallback_application_name',
  'sslcert',
  'sslkey',
  'sslrootcert',
  'sslnegotiation',
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
]);

/** Settings of pools and drivers that do not affect what is read. */
const WITHOUT_EFFECT = new Set(
  (
    'ApplicationName async_fallback binary_parameters channel_binding client_encoding command_timeout connect_timeout ' +
    'connection_limit connection_timeout gssencmode keepalives keepalives_count keepalives_idle keepalives_interval ' +
    'krbsrvname loginTimeout max_overflow max_size min_size pgbouncer pool_size pool_timeout prepareThreshold ' +
    'prepared_statement_cache_size prepared_statement_name_func readOnly reWriteBatchedInserts socketTimeout ' +
    'socket_timeout sslcompression sslsni statement_cache_size supa target_session_attrs tcpKeepAlive tcp_user_timeout ' +
    'timeout uselibpqcompat'
  ).split(' '),
);

const SSL_MODES = 'disable, allow, prefer, require, verify-ca or verify-full';

/**
 * Reads the query of a PostgreSQL URL. Throws a usage Fault that names an unknown parameter: if it were ignored, other
 * tables might be read.
 */
export function readParameters(query: string): PostgresParameters {
  const passedOn = new URLSearchParams();
  const found: { name: string; schemas: string[] }[] = [];
  let sslMode: string | null = null;
  let database: string | null = null;
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === 'options') {
      const { searchPath, rest } = takeSearchPath(value);
      if (searchPath !== null) found.push({ name, schemas: pathOf(name, searchPath) });
      if (rest !== '') passedOn.set(name, rest);
    } else if (name === 'schema') {
      // Prisma's parameter, one name taken literally. The two below are JDBC's and the server's own.
      if (value !== '') found.push({ name, schemas: [value] });
    } else if (name === 'currentSchema' || name === 'search_path') {
      if (value !== '') found.push({ name, schemas: pathOf(name, value) });
    } else if (name === 'sslmode' || name === 'ssl') sslMode = sslModeOf(name, value);
    else if (name === 'dbname') database = value;
    else if (PASSED_ON.has(name)) passedOn.set(name, value);
    else if (!WITHOUT_EFFECT.has(name))
      throw usageFault(
        `DATABASE_URL: the parameter "${name}" is not known here; leave it out. What matters is schema, currentSchema, ` +
          'search_path, options, sslmode, sslrootcert, sslcert and sslkey',
      );
  }
  const [first, ...others] = found;
  const differs = others.find(({ schemas }) => schemas.join() !== first?.schemas.join());
  if (first && differs)
    throw usageFault(
      `DATABASE_URL: its parameters ${first.name} and ${differs.name} name different schemas; leave one of them out`,
    );
  const preferTls = sslMode === null || sslMode === 'prefer' || sslMode === 'allow';
  if (!preferTls) {
    passedOn.set('sslmode', sslMode as string);
    // With libpq's meaning: `pg` alone reads `require` as "verify the certificate".
    passedOn.set('uselibpqcompat', 'true');
  }
  return { passedOn, schemas: first?.schemas ?? null, preferTls, database };
}

function pathOf(name: string, value: string): string[] {
  const path = parseSearchPath(value);
  if (path === null || path.length === 0)
    throw usageFault(
      `DATABASE_URL: its parameter ${name} is not a list of schemas; write it like search_path=music`,
    );
  return path;
}

/** Reads `sslmode`, or the `ssl` of asyncpg and JDBC: a mode or a boolean. */
function sslModeOf(name: string, value: string): string {
  if (name === 'ssl' && /^(true|1)$/.test(value)) return 'require';
  if (name === 'ssl' && /^(false|0)$/.test(value)) return 'disable';
  if (/^(disable|allow|prefer|require|verify-ca|verify-full|no-verify)$/.test(value))
    return value === 'no-verify' ? 'require' : value;
  throw usageFault(`DATABASE_URL: ${name} must be ${SSL_MODES}, got "${value.slice(0, 20)}"`);
}
