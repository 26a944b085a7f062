import { FailureType } from '../../contract/failure.js';
import { EmbeddingError } from '../errors/errors.js';
import { withVersion } from '../http/base-url.js';

/** Most remembered requests that were answered by a page. */
const MOST = 1000;

/** Handles HTML pages with status 200 instead of answers: from a wrong address, or from a proxy in between. */
export interface Pages {
  /** Notes that the provider has answered with vectors: from now on a page counts as transient. */
  answered(): void;
  /**
   * Returns the error to throw in place of one about a page. Before the first answer, a second page for the same
   * request, or a page for a neutral text after one for another request, means that the address is wrong: the error is
   * Blocked. `billed` is unchanged, since the page does not show whether work was done.
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
  return `${address}, and check that no proxy answers instead of the provider`;
}
