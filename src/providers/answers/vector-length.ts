import { FailureType } from '../../contract/failure.js';
import { shownModel } from '../../hide-secrets.js';
import { EmbeddingError } from '../errors/errors.js';
import { oneLine } from '../errors/sentence.js';

/** Matches a 400 or 422 that says the model, or its server, takes no `dimensions`; not one about a too large number. */
const TAKES_NONE =
  /(?=[\s\S]*\b(?:dimensions?\b|matryoshka))(?=[\s\S]*(?:support|unknown|unrecogni[sz]ed|unexpected|extra|not (?:permitted|allowed|accepted)|invalid (?:field|parameter|argument)))/i;

/** What this process knows about each model: the length of its vectors, and whether it accepts `dimensions`. */
export interface VectorLengths {
  /** Returns the request parameter; empty for a model that takes no `dimensions`. */
  parameter(model: string, dimensions: number): { dimensions?: number };
  /** Returns true if the error says that the model takes no `dimensions`; the request can be repeated without. */
  learns(model: string, told: { dimensions?: number }, error: unknown): boolean;
  /** Notes that an answer held vectors of the right length. */
  right(model: string): void;
  /**
   * Returns the error to throw in place of one about a wrong vector length. It is Blocked if the model gave the same
   * length before and never the right one, since repeating the request only costs money.
   */
  judged(model: string, dimensions: number, error: unknown): unknown;
}

export function createVectorLengths(): VectorLengths {
  const takesNone = new Set<string>();
  const proven = new Set<string>();
  const wrong = new Map<string, number>();
  return {
    // ada-002 has one size and refuses the parameter.
    parameter: (model, dimensions) =>
      takesNone.has(model) || model.endsWith('/text-embedding-ada-002') ? {} : { dimensions },
    learns(model, told, error) {
      if (!(error instanceof EmbeddingError) || error.type !== FailureType.Rejected) return false;
      if (told.dimensions === undefined || proven.has(model) || !TAKES_NONE.test(error.message)) return false;
      takesNone.add(model);
      return true;
    },
    right: (model) => {
      proven.add(model);
    },
    judged(model, dimensions, error) {
      const got = error instanceof EmbeddingError ? error.vectorLength : null;
      if (got === null || proven.has(model)) return error;
      const before = wrong.get(model);
      wrong.set(model, got);
      if (before !== got && !takesNone.has(model)) return error;
      const { retryAfterMs, billed, statedNanos, status } = error as EmbeddingError;
      return new EmbeddingError(
        `EMBEDDING_MODEL ${oneLine(shownModel(model), null)} gives vectors of ${got} numbers, not of ${dimensions}: ` +
          `set EMBEDDING_DIMENSIONS=${got}, or where embeddings model build was asked for it say --dimensions ${got}, ` +
          'after embeddings cancel',
        { type: FailureType.Blocked, status, retryAfterMs, billed, statedNanos },
        { cause: error },
      );
    },
  };
}
