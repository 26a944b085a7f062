import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countTokens,
  inputTokensOf,
  loadTokenCounter,
  MAX_INPUT_TOKENS,
  tokenMeasure,
  tokensAtMost,
  tokenUpperBound,
  tooLong,
} from '../../src/providers/tokens.js';

describe('token counts', () => {
  test.each([
    ['', 0],
    ['hello world', 2],
    ['Title: Dusty Keys', 5],
    ['<|endoftext|>', 7],
    // As OpenAI's cookbook counts them.
    ['antidisestablishmentarianism', 6],
    ['2 + 2 = 4', 7],
    ['お誕生日おめでとう', 9],
  ])('%j has %i tokens', async (text, tokens) => {
    expect(await countTokens(text)).toBe(tokens);
  });

  test('never exceed the UTF-8 bytes', async () => {
    const count = await loadTokenCounter();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(count(text)).toBeLessThanOrEqual(tokenUpperBound(text));
      }),
    );
  });

  test('are a close upper bound for a text without word boundaries', async () => {
    // 20,000 times "a" is 2,500 tokens.
    const tokens = await countTokens('a'.repeat(20_000));
    expect(tokens).toBeGreaterThanOrEqual(2500);
    expect(tokens).toBeLessThan(3000);
  });
});

describe('the most tokens of a text', () => {
  test('of a model whose vocabulary is ours are its bytes, and counted where that is asked for', async () => {
    expect(tokensAtMost('openai/text-embedding-3-small', 'Übung')).toBe(6);
    expect((await tokenMeasure('openai/text-embedding-3-small', true))('Title: Dusty Keys')).toBe(5);
  });

  test('of any other model are its bytes, a begin and an end', async () => {
    expect(tokensAtMost('acme/byte-e5', 'Übung')).toBe(8);
    for (const exact of [true, false]) expect((await tokenMeasure('acme/byte-e5', exact))('Übung')).toBe(8);
  });
});

describe('tooLong', () => {
  test.each([
    ['as many bytes as tokens allowed', '~'.repeat(MAX_INPUT_TOKENS), false],
    ['8,192 tokens', `${'a '.repeat(MAX_INPUT_TOKENS - 1)}a`, false],
    ['8,193 tokens', `${'a '.repeat(MAX_INPUT_TOKENS)}a`, true],
    ['long but cheap', 'dusty '.repeat(8000), false],
    ['60,000 times a, 7,500 tokens', 'a'.repeat(60_000), false],
    ['a million times a', 'a'.repeat(1_000_000), true],
    ['more bytes than any 8,192 tokens have', ' '.repeat(MAX_INPUT_TOKENS * 128 + 1), true],
  ])('%s', async (_name, text, expected) => {
    expect(await tooLong(text)).toBe(expected);
  });

  test('holds for other limits', async () => {
    expect(await tooLong('one two three', 3)).toBe(false);
    expect(await tooLong('one two three four', 3)).toBe(true);
  });
});

describe('what a model takes a text', () => {
  test.each<[string, number | null, number | null]>([
    ['openai/text-embedding-3-small', 8192, 8192],
    ['openai/text-embedding-3-large', null, 8192],
    // OpenAI's own name, asked at OpenAI itself.
    ['text-embedding-3-small', 4096, 4096],
    // A list that cannot be right would fail every sample for good.
    ['openai/text-embedding-3-small', 1, 8192],
    // Its vocabulary is not known: only the provider can tell.
    ['qwen/qwen3-embedding-8b', 32_000, null],
    ['openai/a-model-to-come', 8192, null],
  ])('%s, listed with %s tokens: %s', (model, listed, limit) => {
    expect(inputTokensOf(model, listed)).toBe(limit);
  });
});
