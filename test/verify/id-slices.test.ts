import { describe, expect, it } from 'vitest';
import { expandIds } from '../../src/sources/sample-ids.js';
import { idSlices } from '../../src/verify/id-slices.js';

describe('idSlices', () => {
  it.each<[string, number[]]>([
    ['nothing', []],
    ['one', [5]],
    ['every second', Array.from({ length: 500 }, (_, index) => index * 2)],
    ['a run', Array.from({ length: 5000 }, (_, index) => index + 98)],
    ['pairs and gaps', Array.from({ length: 600 }, (_, index) => index + Math.floor(index / 2) * 7)],
    ['wide ones', [1, 2, 3, 2 ** 53 - 3, 2 ** 53 - 2, 2 ** 53 - 1]],
  ])('%s: each slice short, all of them in order, none twice', (_name, ids) => {
    const slices = idSlices(ids, 60);
    expect(slices.flatMap(({ text }) => expandIds(text))).toEqual(ids);
    for (const { text, count } of slices) {
      expect(text.length).toBeLessThanOrEqual(60);
      expect(expandIds(text)).toHaveLength(count);
    }
  });

  it('a run of ids is one slice however long it is', () => {
    expect(idSlices(Array.from({ length: 100_000 }, (_, index) => index))).toEqual([
      { text: '0-99999', count: 100_000 },
    ]);
  });
});
