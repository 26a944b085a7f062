import { FailureType } from '../../contract/failure.js';
import { EmbeddingError } from '../errors/errors.js';

/** What a request says of the form of the vectors. Absent: the server's own, which is floats by OpenAI's API. */
export interface SentEncoding {
  encoding?: 'base64';
}

/** Words that name the parameter, or its value, as what is wrong. */
const NAMED = /\bencoding_format\b|\bbase64\b/i;
/** Words that name a part of the request as what is wrong: where it is another one, nothing is left to guess. */
const NAMES_A_PART =
  /\b(?:unknown|unrecogni[sz]ed|unsupported|unexpected) (?:field|parameter|argument|key|property)\b/i;

export interface Encodings {
  parameter(): SentEncoding;
  /**
   * True where a request that asked for base64 is to be sent again without: the error names it, or refuses a canary
   * request (`fresh`) of a server that has answered none with base64 yet, and does not say what it refuses.
   */
  learns(told: SentEncoding, error: unknown, request: { texts: readonly string[]; fresh?: boolean }): boolean;
  /** A request that was `told` so was answered with vectors. */
  accepted(told: SentEncoding): void;
}

/** What one server takes: base64, a fifth of the bytes and a twentieth of the work, unless it refuses to be asked for it. */
export function createEncodings(): Encodings {
  let floats = false;
  /** Floats are a guess so far. */
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
      // One of several that were under way when another learned it.
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

/** In a refusal, or a crash over it, that does not echo a text with these words. */
const names = ({ message, type, status }: EmbeddingError, texts: readonly string[]): boolean =>
  (type === FailureType.Rejected || (status !== null && status >= 500)) &&
  NAMED.test(message) &&
  !texts.some((text) => NAMED.test(text));
