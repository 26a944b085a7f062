import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupDuplicates, nearDuplicates, textKey } from '../../src/search/fold.js';

const of = (text: string | null, duration: number | null = null) => ({ text, duration });

describe('near-duplicates', () => {
  it.each([
    ['Title: Hard Kick 01', 'Title: Hard Kick 02'],
    ['Title: Hard Kick', 'Title: hard-kick (2)'],
    ['Title: HardKick', 'Title: Hard_Kick copy'],
    ['Title: Kick\nTags: dusty, warm.', 'Title: Kick 3\nTags: dusty; warm'],
    ['Title: Cafe\u0301', 'Title: Café'],
  ])('%j and %j say the same', (a, b) => expect(nearDuplicates(of(a), of(b))).toBe(true));

  it.each([
    ['Title: Kick\nBPM: 90', 'Title: Kick\nBPM: 92'],
    ['Title: Kick\nKey: C', 'Title: Kick\nKey: C#'],
    ['Title: Pad C', 'Title: Pad C#'],
    ['Title: Pad C♯', 'Title: Pad C'],
    ['Title: 808 Kick', 'Title: 909 Kick'],
    ['Title: Loop 120', 'Title: Loop 90'],
    ['Title: 01', 'Title: 02'],
    ['Title: Kick\nEnergy: 0.85', 'Title: Kick\nEnergy: 0.58'],
    ['Title: ', 'Title: '],
    ['Title: Kick', 'Title: Snare'],
    [null, null],
  ])('%j and %j do not', (a, b) => expect(nearDuplicates(of(a), of(b))).toBe(false));

  it.each([
    [10, 10.09, true],
    [10, 10.2, false],
    [0.3, 0.329, true],
    [0.3, 0.34, false],
    [10, null, true],
  ])('of %s and %s seconds: %s', (a, b, same) =>
    expect(nearDuplicates(of('Title: Kick', a), of('Title: Kick', b))).toBe(same),
  );

  it('no number, letter case or punctuation makes a key of its own', () => {
    expect(textKey('Title: A  b-C 07!')).toBe(textKey('title a B c'));
    expect(textKey('Title: —')).toBeNull();
  });
});

describe('groups', () => {
  it('keep their order, and part lengths', () => {
    const items = [
      of('Title: Kick 1', 1),
      of('Title: Snare', 1),
      of('Title: Kick 2', 1.02),
      of('Title: Kick 3', 5),
      of('Title: Kick 4', null),
      of(null, 1),
      of('Title: Kick 5', 5.04),
    ];
    const groups = groupDuplicates(items, (item) => item);
    expect(groups.map((group) => group.map((item) => items.indexOf(item)))).toEqual([
      [0, 2, 4],
      [1],
      [3, 6],
      [5],
    ]);
  });

  it('are near-duplicates of their first, and no first has one before it', () => {
    const item = fc.record({
      text: fc.constantFrom('Title: Kick', 'Title: Kick 2', 'Title: Snare', null),
      duration: fc.oneof(fc.constant(null), fc.double({ min: 0, max: 40, noNaN: true })),
    });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 60 }), (items) => {
        const groups = groupDuplicates(items, (each) => each);
        expect(groups.flat()).toHaveLength(items.length);
        for (const [at, [first, ...others]] of groups.entries()) {
          for (const other of others) expect(nearDuplicates(first as typeof other, other)).toBe(true);
          for (const [before] of groups.slice(0, at))
            if (before?.duration !== null)
              expect(nearDuplicates(before as (typeof items)[number], first as (typeof items)[number])).toBe(
                false,
              );
        }
      }),
    );
  });

  it('of 100,000 equal texts of different lengths are soon there', () => {
    const items = Array.from({ length: 100_000 }, (_, at) => of('Title: Kick', at / 1000));
    expect(groupDuplicates(items, (each) => each).length).toBeLessThan(1000);
  });
});
