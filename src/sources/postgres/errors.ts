import { blockedFault, Fault, SettingFault, Unavailable } from '../../fault.js';
import { RefusedSelect, UnreadableRows } from '../backend.js';

/** SQLSTATE classes for errors in a row's data, and for errors that functions raise about it. */
const OF_ROWS = /^(22...|21000|P000[134]|XX00[01]|3[89]...)$/;

const READ_ONLY = '25006';

/** SQLSTATE classes of a server that is away, full or shutting down, and the system's and the driver's own errors. */
const OF_SERVER = /^(08...|53...|57...|55P03|E[A-Z]{4,})$/;
const OF_CONNECTION = /\b(timeout|timed out|terminated|not queryable)\b/i;

/** Returns whether the server rejects a SELECT: syntax, names (42…), invalid in a FROM, writes, no parameter value. */
export const isRefusedSelect = (error: unknown): boolean =>
  /^(42(?!501)...|0A000|25006|08P01)$/.test(codeOf(error));

/** Turns the driver's error into a Fault with its cure, an UnreadableRows, or an Error that names the server. */
export function explainPostgres(error: unknown, place: string): Error {
  if (error instanceof Fault || error instanceof RefusedSelect) return error;
  const code = codeOf(error);
  const reason = reasonOf(error);
  if (code.startsWith('28'))
    return new SettingFault(`DATABASE_URL: ${place} refuses the login: ${reason}${loginCure(reason)}`, error);
  if (code === '3D000')
    return new SettingFault(
      `DATABASE_URL: ${place}: ${reason}: write the name of an existing one after the host`,
      error,
    );
  if (/server does not support SSL/.test(reason))
    return new SettingFault(
      `DATABASE_URL: ${place}: ${reason}; use ?sslmode=prefer, or disable where no TLS is needed`,
      error,
    );
  if (code === '42501')
    return blockedFault(
      `DATABASE_URL: the catalog in ${place} cannot be read: ${reason}; let its owner GRANT SELECT on it to this role`,
      error,
    );
  if (code === READ_ONLY)
    return blockedFault(
      `The catalog in ${place} cannot be read: ${reason}; the source must not write: remove that function`,
      error,
    );
  if (code.startsWith('42')) return blockedFault(`The catalog in ${place} cannot be read: ${reason}`, error);
  if (OF_ROWS.test(code) || code === 'ERR_STRING_TOO_LONG')
    return new UnreadableRows(reason, { cause: error });
  if (OF_SERVER.test(code) || (code === '' && OF_CONNECTION.test(reason)))
    return new Unavailable('down', `${place}: ${reason}; see that it is up, then try again`, {
      cause: error,
    });
  return new Error(`${place}: ${reason}`, { cause: error });
}

/** Returns the sslmode to add: pg_hba.conf may require TLS or refuse it. */
function loginCure(reason: string): string {
  if (/no encryption|SSL off/.test(reason)) return '; add ?sslmode=require';
  return /SSL encryption|SSL on/.test(reason) ? '; add ?sslmode=disable' : '';
}

/** If a host name has two addresses, a refused connection has no message of its own, only those of its parts. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message || codeOf(error) || error.name : String(error);
}

export const codeOf = (error: unknown): string => String((error as { code?: unknown })?.code ?? '');
