import { FailureType } from '../../contract/failure.js';
import { EmbeddingError } from '../errors/errors.js';

/** The encoding of vectors that a request asks for. Absent: the server's default, which is floats in OpenAI's API. */
export interface SentEncoding {
  encoding?: 'base64';
}

/** Matches error messages that name the parameter, or its value. */
const NAMED = /\bencoding_format\b|\bbase64\b/i;
/** Matches error messages that name an invalid field. If it is another field, base64 is not the cause. */
const NAMES_A_PART =
  /\b(?:unknown|unrecogni[sz]ed|unsupported|unexpected) (?:field|parameter|argument|key|property)\b/i;

export interface Encodings {
  parameter(): SentEncoding;
  /**
   * Returns true if a request that asked for base64 must be sent again without it: the error names it; or it refuses
   * a canary request (`fresh`), names no field, and the server has answered no request with base64 yet.
   */
  learns(told: SentEncoding, error: unknown, request: { texts: readonly string[]; fresh?: boolean }): boolean;
  /** Notes that a request with this encoding was answered with vectors. */
  accepted(told: SentEncoding): void;
}

/** Learns one server's encoding: base64 (a fifth of the bytes, a twentieth of the work), unless it refuses that. */
export function createEncodings(): Encodings {
  let floats = false;
  /** True while `floats` is only a guess. */
  let unsure = false;
  let proven = false;
  return {
    parameter: () => (floats ? {} : { encoding: 'base64' }),
    learns(told, error, { texts, fresh = false }) {
      if (!(error instanceof EmbeddingError)) return false;
      if (told.encoding === undefined) {
        if (unsure && error.type === FailureType.Rejected) floats = unsure = false;
        return false;
      }
      // This request was in flight when another one showed that the server refuses base64.
      if (floats && error.type === FailureType.Rejected) return true;
      if (names(error, texts)) {
        floats = true;
        return true;
      }
      if (proven || !fresh || error.type !== FailureType.Rejected || NAMES_A_PART.test(error.message))
        return false;
      floats = unsure = true;
      return true;
    },
    accepted(told) {
      if (told.encoding === undefined) unsure = false;
      else proven = true;
    },
  };
}

/** Returns true if a refusal or a server error (5xx) names base64, unless one of the texts holds such words. */
const names = ({ message, type, status }: EmbeddingError, texts: readonly string[]): boolean =>
  (type === FailureType.Rejected || (status !== null && status >= 500)) &&
  NAMED.test(message) &&
  !texts.some((text) => NAMED.test(text));
