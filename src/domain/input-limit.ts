import type { EmbeddingError } from '../providers/errors/errors.js';
import { MAX_REQUEST_INPUTS } from '../providers/tokens.js';

/** How many texts the provider accepts in one request, learned from its refusals. Of one process. */
export interface InputLimit {
  /** Returns the most texts for one request; `MAX_REQUEST_INPUTS` until a refusal says otherwise. */
  atMost(): number;
  /** Returns the same; null if no refusal was about it. */
  learned(): number | null;
  /** Applies a limit that another worker of the run has learned. */
  applyLearned(atMost: number | null): void;
  /**
   * Returns the size of the parts of a refused request of `sent` texts; half of `sent` if the refusal names no number.
   * Null if the refusal is not about the number of texts.
   */
  partSizeAfter(error: EmbeddingError, sent: number): number | null;
}

/** Creates an InputLimit. `onLearned` is called with the first limit and each lower one. */
export function createInputLimit(onLearned: (atMost: number) => void): InputLimit {
  let limit: number | null = null;
  const learn = (atMost: number): number => {
    if (limit === null || atMost < limit) {
      limit = atMost;
      onLearned(atMost);
    }
    return limit;
  };
  return {
    atMost: () => limit ?? MAX_REQUEST_INPUTS,
    learned: () => limit,
    applyLearned(atMost) {
      if (atMost !== null && atMost >= 1) learn(atMost);
    },
    partSizeAfter({ tooManyInputs }, sent) {
      if (tooManyInputs === null) return null;
      return Math.min(learn(tooManyInputs.atMost ?? Math.ceil(sent / 2)), Math.ceil(sent / 2));
    },
  };
}
