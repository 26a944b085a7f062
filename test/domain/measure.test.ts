import { expect, test } from 'vitest';
import { createMeasure } from '../../src/domain/measure.js';

const MODEL = 'openai/text-embedding-3-small';
const sample = { id: 1, text: 'warm loop '.repeat(200).trim(), hash: 'hash', notes: [] };

test('the limit that the run was planned with decides what is too long', async () => {
  const measure = createMeasure();
  const bound = async (maxInputTokens?: number) =>
    (
      await measure(
        [sample],
        { model: MODEL, ...(maxInputTokens !== undefined && { maxInputTokens }) },
        false,
      )
    )[0]?.tokensBound;
  expect(await bound(300)).toBeNull();
  expect(await bound(500)).toBe(400);
  expect(await bound()).toBe(Buffer.byteLength(sample.text));
});

test('of a model with another vocabulary nothing is too long: the provider decides', async () => {
  const measured = await createMeasure()([{ ...sample, text: 'a '.repeat(100_000) }], { model: 'a/b' }, true);
  expect(measured[0]?.tokensBound).toBe(200_002);
});
