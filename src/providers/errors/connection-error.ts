import { FailureType } from '../../contract/failure.js';
import { EmbeddingError } from './errors.js';
import { oneLine } from './sentence.js';

/** Failures before anything was sent, and their explanation for people. */
const BEFORE_SENDING: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: check OPENROUTER_BASE_URL',
  ENOTFOUND: 'host name not found: check OPENROUTER_BASE_URL and the network',
  EAI_AGAIN: 'host name not found for now: check the network and OPENROUTER_BASE_URL',
  EHOSTUNREACH: 'host not reachable: check the network and OPENROUTER_BASE_URL',
  ENETUNREACH: 'network not reachable: check the network and OPENROUTER_BASE_URL',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time: check the network and OPENROUTER_BASE_URL',
  EMFILE: 'too many open files',
};

/** Certificate errors need a person: they do not pass by themselves. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/;

/** Returns the error of a failed connection. When the connection broke, the request may or may not have been billed. */
export function connectionError(what: string, error: unknown, secret: string | null): EmbeddingError {
  const code = codeOf(error);
  const known = code === 'ERR_PROXY' ? said(error, secret) : BEFORE_SENDING[code];
  const certificate = CERTIFICATE.test(code);
  const cause =
    known ?? (certificate ? `certificate not accepted (${code})` : `connection lost: ${said(error, secret)}`);
  return new EmbeddingError(
    `${what}: ${cause}`,
    {
      type: certificate ? FailureType.Blocked : FailureType.Transient,
      status: null,
      retryAfterMs: null,
      billed: known !== undefined || certificate ? 'no' : 'maybe',
    },
    { cause: error },
  );
}

/** Returns the code. fetch wraps the cause in a TypeError, and the failures of two addresses in an AggregateError. */
function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
    if (at instanceof AggregateError) return codeOf(at.errors[0]);
  }
  return '';
}

function said(error: unknown, secret: string | null): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return oneLine(inner instanceof Error ? inner.message : String(inner), secret);
}
