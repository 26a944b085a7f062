import { FailureType } from '../contract.js';
import { errorBody, httpError, statusOfCode } from './classify.js';
import { EmbeddingError } from './errors.js';
import { oneLine } from './sentence.js';
import type { EmbedAnswer } from './types.js';
import { type BadVector, readVector } from './vector.js';

export interface Expected {
  /** Operation and subject, for sentences: `OpenRouter POST /embeddings (samples 101–200)`. */
  what: string;
  inputs: number;
  dimensions: number;
  headers?: Headers;
  /** Never to appear in a message. */
  secret?: string | null;
}

/** An answer that must not be stored. It was a 200, so it is presumably billed. */
export const invalidResponse = (
  what: string,
  why: string,
  vectorLength: number | null = null,
): EmbeddingError =>
  new EmbeddingError(`${what}: ${why}`, {
    type: FailureType.InvalidResponse,
    status: 200,
    retryAfterMs: null,
    sent: 'maybe',
    vectorLength,
  });

/**
 * The parsed body of a 200, checked: as many vectors as inputs, in the order of the inputs, each of the right length,
 * finite and not all zero. Throws an EmbeddingError: InvalidResponse naming what is wrong, or, for an error inside the
 * 200, what its code says.
 */
export function checkAnswer(json: unknown, expected: Expected): Omit<EmbedAnswer, 'cached' | 'latencyMs'> {
  const { what, inputs, dimensions } = expected;
  if (typeof json !== 'object' || json === null)
    throw invalidResponse(what, 'the answer is not a JSON object');
  throwErrorInside(json, expected);
  const { data, usage, id } = json as { data?: unknown; usage?: unknown; id?: unknown };
  if (!Array.isArray(data)) throw invalidResponse(what, 'the answer has no data');
  if (data.length !== inputs) throw invalidResponse(what, `got ${data.length} vectors for ${inputs} inputs`);

  const vectors: Uint8Array[] = [];
  for (const [place, item] of inOrder(data, what).entries()) {
    const vector = readVector(item.embedding, dimensions);
    if (!(vector instanceof Uint8Array))
      throw invalidResponse(
        what,
        `vector ${place} ${describe(vector, dimensions)}`,
        vector.why === 'dimensions' ? vector.got : null,
      );
    vectors.push(vector);
  }
  return { vectors, ...readUsage(usage), providerId: typeof id === 'string' && id !== '' ? id : null };
}

function throwErrorInside(json: object, { what, headers, secret = null }: Expected): void {
  const body = errorBody(json);
  if (body === null) return;
  const status = statusOfCode(body.code);
  if (status !== null)
    throw httpError({ what, status, body, inside200: true, secret, ...(headers && { headers }) });
  throw new EmbeddingError(`${what}: error inside a 200: ${oneLine(body.message, secret) || 'no message'}`, {
    type: FailureType.Transient,
    status: null,
    retryAfterMs: null,
    sent: 'answered',
  });
}

interface Item {
  index?: unknown;
  embedding?: unknown;
}

/** By `index`; in order of arrival where no item has one. */
function inOrder(data: unknown[], what: string): Item[] {
  const items = data.map((item): Item => (typeof item === 'object' && item !== null ? item : {}));
  if (items.every(({ index }) => index === undefined || index === null)) return items;
  const placed = new Array<Item | undefined>(items.length);
  for (const item of items) {
    const { index } = item;
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= items.length)
      throw invalidResponse(
        what,
        `an item has ${index === undefined ? 'no index' : 'an index out of range'}`,
      );
    if (placed[index] !== undefined) throw invalidResponse(what, `index ${index} came twice`);
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

/** Usage as far as it is given; what is missing or no count stays unknown, never 0. */
function readUsage(usage: unknown): { tokens: number | null; costNanos: number | null } {
  const { prompt_tokens, total_tokens, cost } = (usage ?? {}) as Record<string, unknown>;
  const tokens = [prompt_tokens, total_tokens].find(
    (count) => Number.isSafeInteger(count) && Number(count) >= 0,
  );
  const dollars = typeof cost === 'string' && cost.trim() !== '' ? Number(cost) : cost;
  const priced = typeof dollars === 'number' && Number.isFinite(dollars) && dollars >= 0;
  return {
    tokens: (tokens as number | undefined) ?? null,
    costNanos: priced ? Math.round(dollars * 1e9) : null,
  };
}
