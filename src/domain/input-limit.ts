import type { EmbeddingError } from '../providers/errors/errors.js';
import { MAX_REQUEST_INPUTS } from '../providers/tokens.js';

/** How many texts the provider takes a request, as far as its refusals have shown. Of one process. */
export interface InputLimit {
  /** Texts a request, at most; `MAX_REQUEST_INPUTS` until a refusal says otherwise. */
  atMost(): number;
  /** The same; null: no refusal has spoken of it. */
  learned(): number | null;
  /** Another worker of the run has learned it. */
  heard(atMost: number | null): void;
  /**
   * How large the parts of a refused request of `sent` texts should be; null: the refusal does not speak of their number.
   * Where it names no number, half as many.
   */
  after(error: EmbeddingError, sent: number): number | null;
}

/** `tell` gets the limit, and each lower one. */
export function createInputLimit(tell: (atMost: number) => void): InputLimit {
  let limit: number | null = null;
  const learn = (atMost: number): number => {
    if (limit === null || atMost < limit) {
      limit = atMost;
      tell(atMost);
    }
    return limit;
  };
  return {
    atMost: () => limit ?? MAX_REQUEST_INPUTS,
    learned: () => limit,
    heard(atMost) {
      if (atMost !== null && atMost >= 1) learn(atMost);
    },
    after({ tooManyInputs }, sent) {
      if (tooManyInputs === null) return null;
      return Math.min(learn(tooManyInputs.atMost ?? Math.ceil(sent / 2)), Math.ceil(sent / 2));
    },
  };
}
