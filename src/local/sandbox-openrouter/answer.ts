import type { ServerResponse } from 'node:http';
import type { Fault, Spoiling } from './faults.js';

export interface Answer {
  model: string;
  vectors: Float32Array[];
  base64: boolean;
  /** The provider's usage in any form; undefined: none. */
  usage: unknown;
  cached: boolean;
  /** Vectors to spoil, by index, and how. */
  spoilt?: ReadonlyMap<number, Spoiling>;
}

interface Item {
  object: 'embedding';
  index: number;
  embedding: string | (number | null)[] | null;
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export const sendError = (
  response: ServerResponse,
  status: number,
  message: string,
  headers?: Record<string, string>,
): void => sendJson(response, status, { error: { code: status, message } }, headers);

const items = ({ vectors, base64 }: Answer): Item[] =>
  vectors.map((vector, index) => ({
    object: 'embedding',
    index,
    embedding: base64
      ? Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')
      : [...vector],
  }));

/** Base64 needs no escaping, and JSON.stringify's search for it would be half of the sandbox's work. */
const itemJson = ({ object, index, embedding }: Item): string =>
  typeof embedding === 'string'
    ? `{"object":"${object}","index":${index},"embedding":"${embedding}"}`
    : JSON.stringify({ object, index, embedding });

function spoil(vector: Float32Array, how: Spoiling): Item['embedding'] {
  const numbers: (number | null)[] = [...vector];
  if (how === 'null') return null;
  if (how === 'nan') return [null, ...numbers.slice(1)];
  return how === 'zeros' ? numbers.fill(0) : numbers.slice(1);
}

/** Sends the requested answer, or one spoilt by `fault`. */
export function sendAnswer(response: ServerResponse, answer: Answer, fault: Fault | undefined): void {
  const kind = fault?.kind;
  const spoilt: Answer = {
    ...answer,
    base64: answer.base64 && kind !== 'nan' && kind !== 'floats',
    vectors: answer.vectors.map((vector) => {
      if (kind === 'wrong-dimensions') return vector.subarray(1);
      return kind === 'zeros' ? new Float32Array(vector.length) : vector;
    }),
  };
  let data = items(spoilt);
  const [first] = data;
  if (kind === 'nan' && first !== undefined && Array.isArray(first.embedding)) first.embedding[0] = null;
  for (const [index, how] of answer.spoilt ?? []) {
    const item = data[index];
    if (item !== undefined) item.embedding = spoil(answer.vectors[index] as Float32Array, how);
  }
  if (kind === 'fewer') data = data.slice(1);
  if (kind === 'more' && first !== undefined) data.push({ ...first, index: data.length });
  if (kind === 'duplicate-index') for (const item of data) item.index = 0;
  if (kind === 'permuted') data.reverse();
  const usage = kind === 'no-usage' ? undefined : answer.usage;
  const head = JSON.stringify({ object: 'list', model: answer.model });
  const rest = JSON.stringify({ usage, id: `sandbox-${Date.now()}` });
  const body = `${head.slice(0, -1)},"data":[${data.map(itemJson).join(',')}],${rest.slice(1)}`;
  const status = answer.cached ? 'HIT' : 'MISS';
  response.writeHead(200, { 'content-type': 'application/json', 'x-openrouter-cache-status': status });
  response.end(kind === 'truncated' ? body.slice(0, body.length / 2) : body);
}
