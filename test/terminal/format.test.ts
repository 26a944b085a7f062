import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count, duration, percent, plain, usd } from '../../src/terminal/format.js';
import { inertJson } from '../../src/terminal/inert.js';

describe('count', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [2437, '2,437'],
    [1_234_567, '1,234,567'],
  ])('%d is %s', (value, shown) => expect(count(value)).toBe(shown));
});

describe('usd', () => {
  it.each([
    [0, '$0.0000'],
    [79_000_000, '$0.0790'],
    [16_700_000, '$0.0167'],
    [1_000_000_000, '$1.0000'],
    [60_000, '$0.0001'],
    [40_000, '$0.00004'],
    [20, '$0.00000002'],
    [1, '$0.000000001'],
    [0.4, '$0.0000000004'],
  ])('%d nanodollars are %s', (nanos, shown) => expect(usd(nanos)).toBe(shown));

  it('takes the places asked for', () => {
    expect(usd(79_000_000 / 2437, { places: 6 })).toBe('$0.000032');
    expect(usd(0, { places: 6 })).toBe('$0.000000');
  });

  it('never shows zero for an amount that is not zero', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-7, max: 1e15, noNaN: true }), (nanos) => {
        expect(usd(nanos)).toMatch(/[1-9]/);
      }),
    );
  });
});

describe('percent', () => {
  it.each([
    [0, 0, '0.0%'],
    [0, 10, '0.0%'],
    [523, 2437, '21.5%'],
    [2435, 2437, '99.9%'],
    [9_999_999, 10_000_000, '99.9%'],
    [10, 10, '100.0%'],
  ])('%d of %d is %s', (part, whole, shown) => expect(percent(part, whole)).toBe(shown));

  it('is 100.0% exactly when it is whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.nat(1e9), (whole, raw) => {
        const part = raw % (whole + 1);
        expect(percent(part, whole) === '100.0%').toBe(part === whole);
      }),
    );
  });
});

describe('duration', () => {
  it.each([
    [-5, '0:00:00'],
    [0, '0:00:00'],
    [1, '0:00:01'],
    [272_000, '0:04:32'],
    [272_001, '0:04:33'],
    [59_001, '0:01:00'],
    [3_599_001, '1:00:00'],
    [360_000_000, '100:00:00'],
  ])('%d ms are %s', (ms, shown) => expect(duration(ms)).toBe(shown));
});

describe('plain', () => {
  it.each([
    ['SGR', '\u001b[31mred\u001b[0m', 'red'],
    ['CSI with private parameters', 'a\u001b[?25lb', 'a b'],
    ['OSC ended by BEL', 'a\u001b]0;title\u0007b', 'a b'],
    ['OSC ended by ST', 'a\u001b]8;;http://x\u001b\\b', 'a b'],
    ['OSC without an end', 'a\u001b]0;evil', 'a'],
    ['DCS with its text', 'a\u001bPq#0;2\u001b\\b', 'a b'],
    ['APC with its text', 'a\u001b_Gf=100;AAAA\u001b\\b', 'a b'],
    ['two-character escapes', 'a\u001bcb', 'a b'],
    ['an escape at the end', 'a\u001b', 'a'],
    ['C0', 'a\u0000\u0008\r\n\tb', 'a b'],
    ['C1', 'a\u009b\u0085b', 'a b'],
    ['no text after the C1 controls of mis-decoded quotes', 'it\u0090s \u009dfine', 'it s fine'],
    ['bidi overrides and isolates', 'a\u202e\u2066b\u2069', 'a b'],
    ['the Arabic letter mark', 'a\u061cb', 'a b'],
    ['a byte order mark', '\ufeffa', 'a'],
    ['what is harmless', 'Größe 日本語 🎹', 'Größe 日本語 🎹'],
  ])('strips %s', (_name, text, expected) => expect(plain(text)).toBe(expected));

  it('leaves no control or direction character', () => {
    const nasty = fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '\u0007',
      '\\',
      'm',
      '1',
      ';',
      '\n',
      '\u009b',
      '\u202e',
    );
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 40 }), (parts) => {
        expect(plain(parts.join(''))).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

describe('usd of a bigint', () => {
  it.each([
    [15_100_000n, '$0.0151'],
    [20n, '$0.00000002'],
    [0n, '$0.0000'],
    [9_007_199_254_740_993_000_000_001n, '$9007199254740993.0000'],
    [-9_007_199_254_740_993_500_000_000n, '$-9007199254740993.5000'],
  ])('%s nanodollars are %s', (nanos, text) => expect(usd(nanos)).toBe(text));

  it('is exact in every place', () => {
    expect(usd(9_007_199_254_740_993_000_000_001n, { places: 9 })).toBe('$9007199254740993.000000001');
    expect(count(9_007_199_254_740_993n)).toBe('9,007,199,254,740,993');
  });
});

describe('inertJson', () => {
  it('writes a bigint with all its digits, and takes no text for one', () => {
    expect(inertJson({ a: 9_007_199_254_740_993n, b: 'bigint-1:2', c: -1n })).toBe(
      '{\n  "a": 9007199254740993,\n  "b": "bigint-1:2",\n  "c": -1\n}',
    );
  });
});
