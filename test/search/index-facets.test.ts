import { describe, expect, it } from 'vitest';
import { readingsOf } from '../../src/readings/of-columns.js';
import { facetsOf } from '../../src/search/index/facets.js';
import { FilterColumns } from '../../src/search/index/filter-columns.js';

describe('facets', () => {
  const columns = new FilterColumns(readingsOf(null));
  columns.add({
    ids: [1, 2, 3, 4],
    columns: {
      genre: ['House', 'house', 'House', null],
      tags: ['["a", "b"]', 'A, a', '[]', 'plain'],
      bpm: [80, '100 BPM', 90, 'fast'],
      pack: ['Hits, Vol. 1', 'Hits, Vol. 1', '["Hits"]', null],
      absent: [undefined, undefined, undefined, undefined],
      empty: [null, null, null, null],
    },
  });
  columns.finish();

  it('count values but for case, the elements of lists, and numbers in parts', () => {
    const facets = facetsOf(columns, new Uint8Array([1, 1, 1, 1]));
    expect(facets.map(({ field }) => field)).toEqual(['genre', 'tags', 'bpm', 'pack']);
    const [genre, tags, bpm, pack] = facets;
    expect(genre).toMatchObject({ kind: 'values', distinct: 1, values: [{ value: 'House', count: 3 }] });
    expect(tags).toMatchObject({
      distinct: 3,
      values: [{ value: 'a', count: 2 }, { count: 1 }, { count: 1 }],
    });
    expect(bpm).toMatchObject({ kind: 'range', min: 80, max: 100, count: 3 });
    // The text holds the pack as it is written, so it is no list.
    expect(pack).toMatchObject({
      values: [
        { value: 'Hits, Vol. 1', count: 2 },
        { value: 'Hits', count: 1 },
      ],
    });
    expect((bpm as { bins: number[] }).bins).toEqual(
      Array.from({ length: 20 }, (_, at) => ([0, 10, 19].includes(at) ? 1 : 0)),
    );
  });

  it('count only what fits', () => {
    const [genre, , bpm] = facetsOf(columns, new Uint8Array([0, 1, 0, 0]));
    expect(genre).toMatchObject({ values: [{ value: 'house', count: 1 }] });
    expect(bpm).toMatchObject({ min: 100, max: 100, bins: [1] });
  });
});
