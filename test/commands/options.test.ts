import { describe, expect, it } from 'vitest';
import { integerOption, usdOption } from '../../src/commands/options.js';
import { Fault } from '../../src/fault.js';

describe('usdOption', () => {
  const parse = usdOption('--max-cost');

  it.each([
    ['0', 0],
    ['0.5', 500_000_000],
    ['$1', 1_000_000_000],
    [' $0.50 ', 500_000_000],
    ['0.000000001', 1],
    ['0.1', 100_000_000],
    ['1.000000009', 1_000_000_009],
    ['0.079', 79_000_000],
    ['9007199.254740991', Number.MAX_SAFE_INTEGER],
  ])('%s is %d nanodollars', (text, nanos) => expect(parse(text)).toBe(nanos));

  it.each([
    '',
    '$',
    '.5',
    '1.',
    '-1',
    '+1',
    '1,5',
    '1e3',
    '0.0000000001',
    '$$1',
    'NaN',
    '1 000',
    '9007200',
    '9'.repeat(30),
  ])('refuses "%s"', (text) => {
    expect(() => parse(text)).toThrow(Fault);
    expect(() => parse(text)).toThrow(`--max-cost must be an amount in US dollars like 0.50, got "${text}"`);
  });
});

describe('integerOption', () => {
  const parse = integerOption('--batch-size', 1, 2048);

  it.each([
    ['1', 1],
    ['007', 7],
    ['2048', 2048],
  ])('%s is %d', (text, value) => expect(parse(text)).toBe(value));

  it.each(['', '0', '2049', '-1', '1.0', '1e2', '0x1', ' 1', 'ten', '9'.repeat(400)])(
    'refuses "%s"',
    (text) => {
      expect(() => parse(text)).toThrow(Fault);
      expect(() => parse(text)).toThrow(`--batch-size must be an integer from 1 to 2048, got "${text}"`);
    },
  );
});
