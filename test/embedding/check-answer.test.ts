import { describe, expect, test } from 'vitest';
import { FailureType } from '../../src/contract.js';
import { checkAnswer } from '../../src/embedding/check-answer.js';

const what = 'OpenRouter POST /embeddings (samples 1–2)';
const base64 = (...numbers: number[]) => Buffer.from(new Float32Array(numbers).buffer).toString('base64');
const check = (json: unknown, inputs = 2, dimensions = 3) => checkAnswer(json, { what, inputs, dimensions });
const floats = (bytes: Uint8Array) => [...new Float32Array(Uint8Array.from(bytes).buffer)];
const item = (index: unknown, embedding: unknown) => ({ object: 'embedding', index, embedding });

describe('vectors', () => {
  test('from base64 and from numbers', () => {
    const { vectors } = check({ data: [item(0, base64(1, 2, 3)), item(1, [4, 5, 0.5])] });
    expect(vectors.map(floats)).toEqual([
      [1, 2, 3],
      [4, 5, 0.5],
    ]);
    expect(vectors.map(({ byteLength }) => byteLength)).toEqual([12, 12]);
  });

  test('by index, not in order of arrival', () => {
    const { vectors } = check({ data: [item(1, [4, 5, 6]), item(0, [1, 2, 3])] });
    expect(vectors.map(floats)[0]).toEqual([1, 2, 3]);
  });

  test('in order of arrival where no item has an index', () => {
    const { vectors } = check({ data: [{ embedding: [4, 5, 6] }, { embedding: [1, 2, 3] }] });
    expect(vectors.map(floats)[0]).toEqual([4, 5, 6]);
  });
});

describe('usage', () => {
  const data = [item(0, [1, 2, 3]), item(1, [1, 2, 3])];
  test.each<[unknown, number | null, number | null]>([
    [undefined, null, null],
    [null, null, null],
    ['x', null, null],
    [{ prompt_tokens: 12, total_tokens: 12, cost: 0.00000024 }, 12, 240],
    [{ total_tokens: 12 }, 12, null],
    [{ prompt_tokens: 12, cost: '0.00000024' }, 12, 240],
    [{ prompt_tokens: -1, cost: -1 }, null, null],
    [{ prompt_tokens: 1.5, cost: 'free' }, null, null],
    [{ prompt_tokens: 0, cost: 0 }, 0, 0],
  ])('%j: %j tokens, %j nanodollars', (usage, tokens, costNanos) => {
    expect(check({ id: 'gen-1', data, usage })).toMatchObject({ tokens, costNanos, providerId: 'gen-1' });
    expect(check({ data, usage }).providerId).toBeNull();
  });
});

describe('what must not be stored', () => {
  const good = item(0, [1, 2, 3]);
  test.each<[string, unknown, string]>([
    ['text', 'hello', 'not a JSON object'],
    ['null', null, 'not a JSON object'],
    ['no data', {}, 'no data'],
    ['one fewer', { data: [good] }, 'got 1 vectors for 2 inputs'],
    ['one more', { data: [good, good, good] }, 'got 3 vectors for 2 inputs'],
    ['a duplicate index', { data: [good, good] }, 'index 0 came twice'],
    ['a missing index', { data: [good, { embedding: [1, 2, 3] }] }, 'an item has no index'],
    ['an index out of range', { data: [good, item(2, [1, 2, 3])] }, 'out of range'],
    ['an index as text', { data: [good, item('1', [1, 2, 3])] }, 'out of range'],
    ['an item that is null', { data: [good, null] }, 'no index'],
    ['wrong dimensions', { data: [good, item(1, [1, 2])] }, 'vector 1 has 2 dimensions, expected 3'],
    [
      'wrong dimensions in base64',
      { data: [good, item(1, base64(1, 2))] },
      'vector 1 has 2 dimensions, expected 3',
    ],
    [
      'half a number',
      { data: [good, item(1, base64(1, 2, 3).slice(0, 14))] },
      'vector 1 has 10 bytes, expected 12',
    ],
    ['no base64', { data: [good, item(1, '!!!')] }, 'vector 1 has 0 dimensions, expected 3'],
    ['no embedding', { data: [good, item(1, undefined)] }, 'neither base64 nor a list'],
    ['NaN', { data: [good, item(1, base64(1, Number.NaN, 3))] }, 'not finite'],
    ['Infinity', { data: [good, item(1, base64(1, Number.POSITIVE_INFINITY, 3))] }, 'not finite'],
    ['null for a number', { data: [good, item(1, [1, null, 3])] }, 'not finite'],
    ['a number beyond float32', { data: [good, item(1, [1, 1e39, 3])] }, 'not finite'],
    ['all zeros', { data: [good, item(1, base64(0, -0, 0))] }, 'vector 1 is all zeros'],
  ])('%s', (_name, json, why) => {
    expect(() => check(json)).toThrow(
      expect.objectContaining({
        type: FailureType.InvalidResponse,
        sent: 'maybe',
        message: expect.stringContaining(why),
      }),
    );
  });
});

test.each<[unknown, Partial<{ type: FailureType; status: number | null }>]>([
  [
    { code: 429, message: 'slow down' },
    { type: FailureType.RateLimited, status: 429 },
  ],
  [
    { code: 400, message: 'too long' },
    { type: FailureType.Rejected, status: 400 },
  ],
  [
    { code: 402, message: 'no credit' },
    { type: FailureType.Blocked, status: 402 },
  ],
  [
    { code: '502', message: 'upstream' },
    { type: FailureType.Transient, status: 502 },
  ],
  [
    { code: 504, message: 'upstream' },
    { type: FailureType.Transient, status: 504 },
  ],
  [{ message: 'no code' }, { type: FailureType.Transient, status: null }],
  ['only text', { type: FailureType.Transient, status: null }],
])('an error inside a 200: %j', (error, expected) => {
  expect(() => check({ error })).toThrow(expect.objectContaining({ ...expected, sent: 'answered' }));
});
