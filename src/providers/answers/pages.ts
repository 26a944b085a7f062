import { FailureType } from '../../contract/failure.js';
import { EmbeddingError } from '../errors/errors.js';
import { withVersion } from '../http/base-url.js';

/** Requests that were answered by a page, remembered. */
const MOST = 1000;

/** Pages with status 200 in the place of answers: of a wrong address, or of a proxy in between. */
export interface Pages {
  /** The provider has answered with vectors: from now on a page is something that passes. */
  answered(): void;
  /**
   * The error to throw in place of one that says a page came. Before the first answer the same request, or a neutral text
   * after another request, is not answered by a page twice where the address is right: it blocks. Whether the work was
   * done behind that page nobody can tell, so it stays as perhaps billed as it was.
   */
  judged(error: unknown, request: { fingerprint: string; neutral: boolean }): unknown;
}

export function createPages(baseUrl: string): Pages {
  let right = false;
  const seen = new Set<string>();
  return {
    answered() {
      right = true;
      seen.clear();
    },
    judged(error, { fingerprint, neutral }) {
      if (!(error instanceof EmbeddingError) || !error.page) return error;
      const again = !right && (seen.has(fingerprint) || (neutral && seen.size > 0));
      if (!right && seen.size < MOST) seen.add(fingerprint);
      const { status, retryAfterMs, billed, statedNanos } = error;
      return new EmbeddingError(
        `${error.message}: ${cureOf(baseUrl)}`,
        {
          type: again ? FailureType.Blocked : error.type,
          status,
          retryAfterMs,
          billed,
          statedNanos,
          page: true,
        },
        { cause: error },
      );
    },
  };
}

function cureOf(baseUrl: string): string {
  const better = withVersion(baseUrl);
  const address = better === null ? 'check OPENROUTER_BASE_URL' : `try OPENROUTER_BASE_URL=${better}`;
  return `${address}, and see that no proxy answers in the place of the provider`;
}
