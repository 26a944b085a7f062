import { describe, expect, it } from 'vitest';
import { agreement, wordWeight } from '../../src/search/fuse.js';

describe('agreement', () => {
  const background = [0.1, 0.2, 0.3, 0.2];
  it('is in standard deviations above what any sample has', () => {
    expect(agreement([0.2], background)).toBeCloseTo(0);
    expect(agreement([0.2 + Math.SQRT1_2 / 10, 0.2 + Math.SQRT1_2 / 10], background)).toBeCloseTo(1);
    expect(agreement([0.1], background)).toBeLessThan(0);
  });

  it.each([
    [[], background],
    [[0.5], []],
    [[0.5], [0.2]],
    [[0.5], [0.2, 0.2]],
  ])('of %j among %j is none', (found, others) => {
    expect(agreement(found, others)).toBe(0);
  });
});

describe('the weight of words', () => {
  it('is none where they match by chance, and nearly all where they say all of it', () => {
    expect(wordWeight(0.5, 0)).toBe(0);
    expect(wordWeight(1, 0)).toBeCloseTo(0.95);
    expect(wordWeight(0, 5)).toBe(0);
  });

  it('rises with what they hold of the query, and with what meaning says of the texts they find', () => {
    for (const agreed of [0, 0.7, 2])
      expect(wordWeight(0.7, agreed)).toBeGreaterThan(wordWeight(0.58, agreed));
    expect(wordWeight(0.5, 1)).toBeGreaterThan(wordWeight(0.5, 0.6));
    expect(wordWeight(0.5, 0.6)).toBeGreaterThan(wordWeight(0.5, 0.4));
  });
});
