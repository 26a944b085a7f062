import { blockedFault, Fault } from '../../fault.js';

/** Faults a person must cure, by what libSQL's code or message says; the sentence ends with the cure. */
const CURES: readonly [RegExp, string][] = [
  [
    // Turso's, as HTTP 403 or as an error of a statement. The token is good.
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

/** The error and what caused it, outermost first: fetch says only "fetch failed", its cause says why. */
function chain(error: unknown): Described[] {
  const found: Described[] = [];
  for (let at = error; at instanceof Error && found.length < 5; at = at.cause) found.push(at);
  return found;
}

/** What an error and its causes say, each once. */
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

/** Another operation met BUSY and renewed the connections before this one had begun. */
export const isClosedUnderneath = (error: unknown): boolean =>
  error instanceof Error && /closed while this operation was in flight/.test(error.message);

/** In one line, for a sentence. */
export const said = (error: unknown): string => text(error).replaceAll(/\s+/g, ' ').slice(0, 300);

/** A deferred foreign key refuses at the end of the transaction, with no statement to blame. */
const isAtCommit = ({ name, code }: Described): boolean =>
  name === 'LibsqlError' && typeof code === 'string' && code.startsWith('SQLITE_CONSTRAINT');

/** The database itself refused a transaction or one statement of it: nothing of it was committed. */
export const isOneStatementsFault = (error: unknown): boolean =>
  chain(error).some(
    (each) =>
      (each.name === 'LibsqlBatchError' &&
        typeof each.code === 'string' &&
        each.code.startsWith('SQLITE_')) ||
      isAtCommit(each),
  );

/** A constraint, a trigger, a type or an index refused a row: it would refuse it again. */
export const isRefusal = (error: unknown): boolean =>
  chain(error).some(
    (each) =>
      (each.name === 'LibsqlBatchError' &&
        /^SQLITE_(CONSTRAINT|ERROR|UNKNOWN|MISMATCH|TOOBIG)/.test(String(each.code))) ||
      isAtCommit(each),
  );

/** A table or a column is not there: the tables are of an older version, or somebody has dropped one. */
export const isMissingTable = (error: unknown): boolean =>
  /no such (table|column)|has no column named/i.test(text(error));

/** The tables are of a version before that column. */
export const isMissingColumn = (error: unknown, column: string): boolean =>
  text(error).toLowerCase().includes(`no such column: ${column}`);

const UNREACHABLE =
  /\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)\b|bad port|CERT_|ERR_TLS|ERR_SSL/;

/** Nothing that speaks libSQL answers at that address. */
export const isUnreachable = (error: unknown): boolean => UNREACHABLE.test(text(error));

/** A server that took the request and says nothing: it hangs, or it is far slower than its deadline. */
const isLate = (error: unknown): boolean => chain(error).some(({ name }) => name === 'TimeoutError');
const LATE =
  'the libSQL server did not answer in time; if it does so again, restart it, and where several workers write to one ' +
  'sqld, start it with SQLD_CHECKPOINT_INTERVAL_S=60';

/** A connection that was refused or broke off: the server is away, or was just now. */
const isAway = (error: unknown): boolean =>
  isUnreachable(error) || /\b(UND_ERR_SOCKET|ECONNRESET|EPIPE)\b/.test(text(error));
const AWAY = 'the libSQL server does not answer: see that it is up, then ask again';

/** A Fault with its cure where a person is needed; else a plain error, which is worth trying again. */
export function storeError(operation: string, error: unknown): Error {
  if (error instanceof Fault) return error;
  const words = said(error);
  const cure = CURES.find(([pattern]) => pattern.test(words));
  if (cure !== undefined) return blockedFault(`the store (${operation}): ${cure[1]} (${words})`, error);
  const hint = isLate(error) ? LATE : isAway(error) ? AWAY : null;
  return new Error(`the store (${operation}): ${hint === null ? words : `${hint} (${words})`}`, {
    cause: error,
  });
}
