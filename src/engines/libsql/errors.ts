import { blockedFault, Fault, Unavailable } from '../../fault.js';

/** Cures of faults that a person must act on, matched by libSQL's code or message. Each sentence ends with the cure. */
const CURES: readonly [RegExp, string][] = [
  [
    // From Turso, as HTTP 403 or as an error of a statement. The token is valid.
    /\bBLOCKED\b|\b(reads|writes) are blocked|upgrade your plan/,
    'the plan of the Turso account is used up: raise it in the Turso dashboard, or wait until its month ends, then embeddings resume',
  ],
  [/SQLITE_FULL|database or disk is full|ENOSPC/i, 'the disk is full: make room, then embeddings resume'],
  [
    /SQLITE_READONLY|readonly database|SQLITE_PERM|SQLITE_CANTOPEN|unable to open|\b(EACCES|EPERM|EROFS|EISDIR|ENOTDIR|EEXIST)\b/i,
    'the database cannot be written: check its permissions and TURSO_DATABASE_URL',
  ],
  [
    /SQLITE_CORRUPT|malformed/i,
    'the database is damaged: restore it from a backup, then embeddings --all fills what is missing',
  ],
  [/SQLITE_NOTADB|not a database/i, 'TURSO_DATABASE_URL names a file that is not a database'],
  [
    /\bHTTP 40[13]\b|Unauthorized|Forbidden|\bjwt\b/i,
    'TURSO_AUTH_TOKEN was refused: make a new one with turso db tokens create',
  ],
  [/\bHTTP 404\b/, 'there is no such database: check TURSO_DATABASE_URL'],
];

interface Described extends Error {
  code?: unknown;
  status?: unknown;
  cause?: unknown;
}

/** Returns the error and its causes, outermost first: fetch says only "fetch failed", and its cause says why. */
function chain(error: unknown): Described[] {
  const found: Described[] = [];
  for (let at = error; at instanceof Error && found.length < 5; at = at.cause) found.push(at);
  return found;
}

/** Joins what an error and its causes say, each text once. */
function text(error: unknown): string {
  const said = chain(error).flatMap(({ code, status, message }) => [
    typeof code === 'string' ? code : '',
    typeof status === 'number' ? `HTTP ${status}` : '',
    message,
  ]);
  const parts = [...new Set(said.length === 0 ? [String(error)] : said)].filter((part) => part !== '');
  return parts.filter((part) => !parts.some((other) => other !== part && other.includes(part))).join(': ');
}

export const isBusy = (error: unknown): boolean =>
  /SQLITE_BUSY|SQLITE_LOCKED|database is locked/i.test(text(error));

/** Returns true if another operation met BUSY and reopened the connections before this one had begun. */
export const isClosedUnderneath = (error: unknown): boolean =>
  error instanceof Error && /closed while this operation was in flight/.test(error.message);

/** Returns the error in one line, for use in a sentence. */
export const errorText = (error: unknown): string => text(error).replaceAll(/\s+/g, ' ').slice(0, 300);

/** Returns true for a deferred foreign key: it fails at the end of the transaction and names no statement. */
const isAtCommit = ({ name, code }: Described): boolean =>
  name === 'LibsqlError' && typeof code === 'string' && code.startsWith('SQLITE_CONSTRAINT');

/** Returns true if the database refused a transaction or one of its statements: nothing of it was committed. */
export const isOneStatementsFault = (error: unknown): boolean =>
  chain(error).some(
    (each) =>
      (each.name === 'LibsqlBatchError' &&
        typeof each.code === 'string' &&
        each.code.startsWith('SQLITE_')) ||
      isAtCommit(each),
  );

/** Returns true if a constraint, a trigger, a type or an index refused a row: a retry would fail again. */
export const isRefusal = (error: unknown): boolean =>
  chain(error).some(
    (each) =>
      (each.name === 'LibsqlBatchError' &&
        /^SQLITE_(CONSTRAINT|ERROR|UNKNOWN|MISMATCH|TOOBIG)/.test(String(each.code))) ||
      isAtCommit(each),
  );

/** Returns true if a table or column does not exist: the tables are of an older version, or one was dropped. */
export const isMissingTable = (error: unknown): boolean =>
  /no such (table|column)|has no column named/i.test(text(error));

/** Returns true if the tables are of a version before that column. */
export const isMissingColumn = (error: unknown, column: string): boolean =>
  text(error).toLowerCase().includes(`no such column: ${column}`);

const UNREACHABLE =
  /\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)\b|bad port|CERT_|ERR_TLS|ERR_SSL/;

/** Returns true if no libSQL server answers at that address. */
export const isUnreachable = (error: unknown): boolean => UNREACHABLE.test(text(error));

/** Returns true if a server accepted the request and timed out: it hangs, or is far slower than its deadline. */
const isLate = (error: unknown): boolean => chain(error).some(({ name }) => name === 'TimeoutError');
const LATE =
  'the libSQL server did not answer in time; if it does so again, restart it, and where several workers write to one ' +
  'sqld, start it with SQLD_CHECKPOINT_INTERVAL_S=60';

/** Returns true if a connection was refused or broke off, or a proxy or server says that it is not ready. */
const isAway = (error: unknown): boolean =>
  isUnreachable(error) || /\b(UND_ERR_SOCKET|ECONNRESET|EPIPE)\b|\bHTTP (408|429|5\d\d)\b/.test(text(error));
const AWAY = 'the libSQL server does not answer: check that it is up, then try again';

const LOCKED = 'another program holds a lock on the database: wait for it or stop it, then try again';

/**
 * Returns a Fault with its cure if a person must act; otherwise an error that can be retried, an Unavailable if the
 * database is locked or does not answer.
 */
export function storeError(operation: string, error: unknown): Error {
  if (error instanceof Fault) return error;
  const words = errorText(error);
  const cure = CURES.find(([pattern]) => pattern.test(words));
  if (cure !== undefined) return blockedFault(`the store (${operation}): ${cure[1]} (${words})`, error);
  const at = `the store (${operation}): `;
  if (isBusy(error)) return new Unavailable('busy', `${at}${LOCKED} (${words})`, { cause: error });
  if (isLate(error)) return new Unavailable('down', `${at}${LATE} (${words})`, { cause: error });
  if (isAway(error)) return new Unavailable('down', `${at}${AWAY} (${words})`, { cause: error });
  return new Error(`${at}${words}`, { cause: error });
}
