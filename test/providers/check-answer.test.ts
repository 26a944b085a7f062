import { describe, expect, test } from 'vitest';
import { FailureType } from '../../src/contract/failure.js';
import { checkAnswer } from '../../src/providers/answers/check-answer.js';

const what = 'OpenRouter POST /embeddings (samples 1–2)';
const base64 = (...numbers: number[]) => Buffer.from(new Float32Array(numbers).buffer).toString('base64');
const asked = { model: 'openai/x', texts: ['Title: a', 'Title: b'] };
const check = (json: unknown, dimensions = 3) => checkAnswer(json, { what, asked, dimensions });
const floats = (bytes: Uint8Array | null) => [...new Float32Array(Uint8Array.from(bytes ?? []).buffer)];
const item = (index: unknown, embedding: unknown) => ({ object: 'embedding', index, embedding });

describe('vectors', () => {
  test('from base64 and from numbers', () => {
    const { vectors } = check({ data: [item(0, base64(1, 2, 3)), item(1, [4, 5, 0.5])] });
    expect(vectors.map(floats)).toEqual([
      [1, 2, 3],
      [4, 5, 0.5],
    ]);
    expect(vectors.map((vector) => vector?.byteLength)).toEqual([12, 12]);
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

test('what it says of usage and of itself is in the answer', () => {
  const data = [item(0, [1, 2, 3]), item(1, [1, 2, 3])];
  const usage = { prompt_tokens: 12, total_tokens: 12, cost: 0.00000024 };
  expect(check({ id: 'gen-1', data, usage })).toMatchObject({
    tokens: 12,
    costNanos: 240,
    providerId: 'gen-1',
  });
  expect(check({ data })).toMatchObject({ tokens: null, costNanos: null, providerId: null });
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
  ])('%s', (_name, json, why) => {
    expect(() => check(json)).toThrow(
      expect.objectContaining({
        type: FailureType.InvalidResponse,
        billed: 'maybe',
        message: expect.stringContaining(why),
      }),
    );
  });
});

describe('a vector that must not be stored', () => {
  const good = item(0, [1, 2, 3]);
  const bad: [string, unknown, string][] = [
    ['wrong dimensions', [1, 2], 'has 2 dimensions, expected 3'],
    ['wrong dimensions in base64', base64(1, 2), 'has 2 dimensions, expected 3'],
    ['half a number', base64(1, 2, 3).slice(0, 14), 'has 10 bytes, expected 12'],
    ['no base64', '!!!', 'has 0 dimensions, expected 3'],
    ['no embedding', undefined, 'is neither base64 nor a list of numbers'],
    ['null', null, 'is neither base64 nor a list of numbers'],
    ['NaN', base64(1, Number.NaN, 3), 'holds a number that is not finite'],
    ['Infinity', base64(1, Number.POSITIVE_INFINITY, 3), 'holds a number that is not finite'],
    ['null for a number', [1, null, 3], 'holds a number that is not finite'],
    ['a number beyond float32', [1, 1e39, 3], 'holds a number that is not finite'],
    ['all zeros', base64(0, -0, 0), 'is all zeros'],
  ];

  test.each(bad)('%s: fails its own index, the others are kept', (_name, embedding, why) => {
    const { vectors, unusable } = check({ data: [good, item(1, embedding)] });
    expect(vectors.map((vector) => vector && floats(vector))).toEqual([[1, 2, 3], null]);
    expect(unusable).toEqual([{ index: 1, why }]);
  });

  test.each(bad)('%s at every index: no answer', (_name, embedding, why) => {
    const usage = { prompt_tokens: 12, cost: 0.00000024 };
    expect(() => check({ data: [item(0, embedding), item(1, embedding)], usage })).toThrow(
      expect.objectContaining({
        type: FailureType.InvalidResponse,
        billed: 'maybe',
        statedNanos: 240,
        message: `${what}: each vector is unusable: the first ${why}`,
      }),
    );
  });

  test('tells the length that all have, and none where they differ', () => {
    const lengthOf = (...embeddings: unknown[]): unknown => {
      try {
        return check({ data: embeddings.map((embedding, index) => item(index, embedding)) });
      } catch (error) {
        return (error as { vectorLength: number | null }).vectorLength;
      }
    };
    expect(lengthOf([1, 2], [1, 2])).toBe(2);
    expect(lengthOf([1, 2], [1])).toBeNull();
    expect(lengthOf([1, 2], null)).toBeNull();
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
  [
    { code: 'insufficient_quota', message: 'You exceeded your current quota' },
    { type: FailureType.Blocked, status: 402 },
  ],
  [
    { code: 429, type: 'insufficient_quota', message: 'x' },
    { type: FailureType.Blocked, status: 429 },
  ],
  ['insufficient_quota', { type: FailureType.Blocked, status: 402 }],
  [
    { type: 'rate_limit_error', message: 'x' },
    { type: FailureType.RateLimited, status: 429 },
  ],
  [{ message: 'no code' }, { type: FailureType.Transient, status: null }],
  ['only text', { type: FailureType.Transient, status: null }],
])('an error inside a 200: %j', (error, expected) => {
  expect(() => check({ error })).toThrow(expect.objectContaining({ ...expected, billed: 'maybe' }));
});
