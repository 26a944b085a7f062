import { FailureType } from '../../contract/failure.js';
import { type Asked, sizeOf } from '../errors/about-the-model.js';
import { errorInside200 } from '../errors/classify.js';
import { errorBody } from '../errors/error-body.js';
import { EmbeddingError, type EmbeddingErrorFields } from '../errors/errors.js';
import type { EmbedAnswer, UnusableVector } from '../types.js';
import { readUsage } from './usage.js';
import { type BadVector, readVector } from './vector.js';
import { workShown } from './work-shown.js';

export interface Expected {
  /** Operation and subject, for messages: `OpenRouter POST /embeddings (samples 101–200)`. */
  what: string;
  asked: Asked;
  dimensions: number;
  headers?: Headers;
  /** Must never appear in a message. */
  secret?: string | null;
}

/** Creates the error for a 200 from which nothing can be stored. It may be billed. */
export const invalidResponse = (
  what: string,
  why: string,
  more: Pick<EmbeddingErrorFields, 'vectorLength' | 'statedNanos' | 'page'> = {},
): EmbeddingError =>
  new EmbeddingError(`${what}: ${why}`, {
    type: FailureType.InvalidResponse,
    status: 200,
    retryAfterMs: null,
    billed: 'maybe',
    ...more,
  });

/**
 * Checks the parsed body of a 200. Returns as many vectors as texts, in the order of the texts. Each has the right
 * length, is finite and not all zero; otherwise it is null and listed in `unusable`. Throws an EmbeddingError:
 * InvalidResponse if no vector is usable, or, for an error inside the 200, the type of its code.
 */
export function checkAnswer(json: unknown, expected: Expected): Omit<EmbedAnswer, 'cached' | 'latencyMs'> {
  const { what, asked, dimensions, headers, secret = null } = expected;
  if (typeof json !== 'object' || json === null)
    throw invalidResponse(what, 'the answer is not a JSON object');
  const sent = sizeOf(asked.texts);
  const error = errorBody(json);
  if (error !== null) {
    const work = workShown(json, sent);
    throw errorInside200({ what, asked, secret, work, ...(headers && { headers }) }, error);
  }
  const { data, usage, id } = json as { data?: unknown; usage?: unknown; id?: unknown };
  const inputs = asked.texts.length;
  const said = readUsage(usage, sent);
  const stated = { statedNanos: said.costMost };
  if (!Array.isArray(data)) throw invalidResponse(what, 'the answer has no data', stated);
  if (data.length !== inputs)
    throw invalidResponse(what, `got ${data.length} vectors for ${inputs} inputs`, stated);

  const read = inOrder(data, (why) => invalidResponse(what, why, stated)).map(({ embedding }) =>
    readVector(embedding, dimensions),
  );
  const unusable: UnusableVector[] = read.flatMap((vector, index) =>
    vector instanceof Uint8Array ? [] : [{ index, why: describe(vector, dimensions) }],
  );
  const [first] = unusable;
  if (first !== undefined && unusable.length === inputs)
    throw invalidResponse(
      what,
      `${inputs === 1 ? 'the vector' : 'each vector is unusable: the first'} ${first.why}`,
      {
        ...stated,
        vectorLength: lengthOf(read),
      },
    );
  return {
    vectors: read.map((vector) => (vector instanceof Uint8Array ? vector : null)),
    unusable,
    ...said,
    providerId: typeof id === 'string' && id !== '' ? id : null,
  };
}

/** Returns the wrong length that all vectors have; null if lengths differ or a vector has another defect. */
function lengthOf(read: readonly (Uint8Array | BadVector)[]): number | null {
  const lengths = read.map((vector) =>
    !(vector instanceof Uint8Array) && vector.why === 'dimensions' ? vector.got : null,
  );
  return lengths.every((length) => length === lengths[0]) ? (lengths[0] ?? null) : null;
}

interface Item {
  index?: unknown;
  embedding?: unknown;
}

/** Orders items by `index`; keeps their order if none has one. `wrong` creates the error for invalid indices. */
function inOrder(data: unknown[], wrong: (why: string) => Error): Item[] {
  const items = data.map((item): Item => (typeof item === 'object' && item !== null ? item : {}));
  if (items.every(({ index }) => index === undefined || index === null)) return items;
  const placed = new Array<Item | undefined>(items.length);
  for (const item of items) {
    const { index } = item;
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= items.length)
      throw wrong(`an item has ${index === undefined ? 'no index' : 'an index out of range'}`);
    if (placed[index] !== undefined) throw wrong(`index ${index} came twice`);
    placed[index] = item;
  }
  return placed as Item[];
}

function describe(bad: BadVector, dimensions: number): string {
  switch (bad.why) {
    case 'dimensions':
      return `has ${bad.got} dimensions, expected ${dimensions}`;
    case 'bytes':
      return `has ${bad.got} bytes, expected ${4 * dimensions}`;
    case 'not finite':
      return 'holds a number that is not finite';
    case 'zero':
      return 'is all zeros';
    case 'form':
      return 'is neither base64 nor a list of numbers';
  }
}
