import { expect, test } from 'vitest';
import { fallbackPrice, nanosPerToken } from '../../src/providers/prices/prices.js';

test.each<[unknown, number | null]>([
  ['0.00000002', 20],
  ['0.00000013', 130],
  ['2e-8', 20],
  ['0.0000000015', 1.5],
  [0.00000002, 20],
  ['0', 0],
  ['-1', null],
  ['', null],
  ['free', null],
  [undefined, null],
  [null, null],
])('%j dollars a token are %j nanodollars', (dollars, nanos) => {
  expect(nanosPerToken(dollars)).toBe(nanos);
});

test('no price is assumed for a model that is not known', () => {
  expect(fallbackPrice('openai/text-embedding-3-small')).toBe(20);
  expect(fallbackPrice('other/model')).toBeNull();
});
