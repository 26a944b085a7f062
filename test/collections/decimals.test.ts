import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printfFixed } from '../../src/collections/decimals.js';

/** Exact by definition: the double as mantissa × 2^exponent, scaled and rounded in integers. */
function reference(value: number, decimals: number): string {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const field = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xfffffffffffffn;
  const mantissa = field === 0 ? fraction : fraction | (1n << 52n);
  const exponent = (field === 0 ? 1 : field) - 1075;
  const scaled = mantissa * 10n ** BigInt(decimals);
  let digits: bigint;
  if (exponent >= 0) digits = scaled << BigInt(exponent);
  else {
    const divisor = 1n << BigInt(-exponent);
    digits = scaled / divisor;
    const twice = 2n * (scaled % divisor);
    if (twice > divisor || (twice === divisor && digits % 2n === 1n)) digits += 1n;
  }
  const text = digits.toString().padStart(decimals + 1, '0');
  const whole = text.slice(0, text.length - decimals);
  return `${raw >> 63n === 1n ? '-' : ''}${whole}${decimals === 0 ? '' : `.${text.slice(-decimals)}`}`;
}

describe('printfFixed', () => {
  test.each([
    [92.5, 0, '92'],
    [93.5, 0, '94'],
    [0.5, 0, '0'],
    [1.5, 0, '2'],
    [0.4999999999999999, 0, '0'],
    [119.99, 0, '120'],
    [0.125, 2, '0.12'],
    [0.375, 2, '0.38'],
    [0.005, 2, '0.01'],
    [1.005, 2, '1.00'],
    [0.045, 2, '0.04'],
    [0, 2, '0.00'],
    [-0, 2, '-0.00'],
    [-0.001, 2, '-0.00'],
    [-0.125, 2, '-0.12'],
    [-92.5, 0, '-92'],
    [5e-324, 2, '0.00'],
    [999999.5, 0, '1000000'],
    [2 ** 60 + 2 ** 8, 0, '1152921504606847232'],
  ])('prints %d with %i decimals as %s', (value, decimals, expected) => {
    expect(printfFixed(value, decimals)).toBe(expected);
    expect(reference(value, decimals)).toBe(expected);
  });

  test('agrees with exact arithmetic for any double', () => {
    const doubles = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e20, max: 1e20 });
    fc.assert(
      fc.property(doubles, fc.integer({ min: 0, max: 12 }), (value, decimals) => {
        expect(printfFixed(value, decimals)).toBe(reference(value, decimals));
      }),
      { numRuns: 5000 },
    );
  });

  test('agrees with exact arithmetic on ties', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -8e6, max: 8e6 }),
        fc.integer({ min: 0, max: 4 }),
        (eighths, decimals) => {
          expect(printfFixed(eighths / 8, decimals)).toBe(reference(eighths / 8, decimals));
        },
      ),
      { numRuns: 5000 },
    );
  });

  test.each([
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 2],
    [1e21, 0],
    [1, -1],
    [1, 21],
  ])('refuses %d with %i decimals', (value, decimals) => {
    expect(() => printfFixed(value, decimals)).toThrow(RangeError);
  });
});
