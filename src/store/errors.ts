import { blockedFault, Fault } from '../fault.js';

/** Faults a person must cure, by what libSQL's code or message says; the sentence ends with the cure. */
const CURES: readonly [RegExp, string][] = [
  [/SQLITE_FULL|database or disk is full|ENOSPC/i, 'the disk is full: make room, then embeddings resume'],
  [
    /SQLITE_READONLY|readonly database|SQLITE_PERM|SQLITE_CANTOPEN|unable to open/i,
    'the database cannot be written: check its permissions and TURSO_DATABASE_URL',
  ],
  [
    /SQLITE_CORRUPT|malformed/i,
    'the database is damaged: restore it from a backup, then embeddings --all fills what is missing',
  ],
  [/SQLITE_NOTADB|not a database/i, 'TURSO_DATABASE_URL names a file that is not a database'],
  [
    /\b401\b|\b403\b|Unauthorized|Forbidden|\bjwt\b|BLOCKED/i,
    'TURSO_AUTH_TOKEN was refused: make a new one with turso db tokens create',
  ],
  [/\b404\b/, 'there is no such database: check TURSO_DATABASE_URL'],
];

const text = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { code, cause } = error as { code?: unknown; cause?: { status?: unknown } };
  const status = typeof cause?.status === 'number' ? cause.status : '';
  return [typeof code === 'string' ? code : '', status, error.message]
    .filter((part) => part !== '')
    .join(' ');
};

export const isBusy = (error: unknown): boolean =>
  /SQLITE_BUSY|SQLITE_LOCKED|database is locked/i.test(text(error));

/** A Fault with its cure where a person is needed; else a plain error, which is worth trying again. */
export function storeError(operation: string, error: unknown): Error {
  if (error instanceof Fault) return error;
  const said = text(error).replaceAll(/\s+/g, ' ').slice(0, 300);
  const cure = CURES.find(([pattern]) => pattern.test(said));
  if (cure !== undefined) return blockedFault(`the store (${operation}): ${cure[1]} (${said})`, error);
  return new Error(`the store (${operation}): ${said}`, { cause: error });
}
