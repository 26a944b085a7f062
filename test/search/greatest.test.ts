import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Best, greatest } from '../../src/search/index/greatest.js';

const sorted = (values: readonly number[], count: number): number[] =>
  [...values.keys()].sort((a, b) => (values[b] as number) - (values[a] as number) || a - b).slice(0, count);

describe('the greatest of some values', () => {
  it('are those that a sort puts first, of equal ones the first', () => {
    const some = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 300 });
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 40 }), (values, count) => {
        expect([...greatest(Float64Array.from(values), count)]).toEqual(sorted(values, count));
        const best = new Best(count);
        for (const [item, value] of values.entries()) best.add(item, value);
        expect(best.inOrder()).toEqual(sorted(values, count).map((item) => ({ item, value: values[item] })));
      }),
    );
  });
});
