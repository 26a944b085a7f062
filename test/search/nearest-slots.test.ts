import { describe, expect, it } from 'vitest';
import { createBitRows } from '../../src/search/index/hamming.js';
import { bitsOf, nearestSlots } from '../../src/search/index/nearest-slots.js';
import type { SlotSet } from '../../src/search/index/slot-sets.js';
import { seeded } from '../../src/seeded-random.js';

const DIMENSIONS = 200;
/** More than one block of rows, and more than are always compared with the query's own numbers. */
const COUNT = 70_000;

const random = seeded(3);
const vectorOf = (): Float32Array => Float32Array.from({ length: DIMENSIONS }, () => random.next() - 0.5);
const bits = Array.from({ length: COUNT }, () =>
  Uint8Array.from({ length: DIMENSIONS / 8 }, () => random.integer(0, 255)),
);
const rows = createBitRows(DIMENSIONS / 8);
for (const [row, each] of bits.entries()) rows.set(row, each);

const query = vectorOf();
const queryBits = bitsOf(query);
const differing = (row: number): number =>
  (bits[row] as Uint8Array).reduce((sum, byte, at) => {
    let rest = byte ^ (queryBits[at] as number);
    for (; rest > 0; rest >>= 1) sum += rest & 1;
    return sum;
  }, 0);
/** The sum of the query's numbers, each with the sign of the sample's bit. */
const signed = (row: number): number =>
  query.reduce(
    (sum, value, at) =>
      sum + ((((bits[row] as Uint8Array)[at >> 3] as number) >> (at & 7)) & 1 ? value : -value),
    0,
  );

/** By row. */
const far = bits.map((_, row) => differing(row));

const setOf = (is: (slot: number) => boolean, asList: boolean): SlotSet => {
  const mask = Uint8Array.from({ length: COUNT }, (_, slot) => (is(slot) ? 1 : 0));
  const list = Uint32Array.from([...mask.keys()].filter((slot) => mask[slot] === 1));
  return { mask, count: list.length, list: asList ? list : null };
};

describe('rows of bits', () => {
  it('differ from a query in as many bits as they do one by one', () => {
    const { mask, list } = setOf((slot) => slot % 3 === 1, true);
    const all = rows.distances(queryBits, { mask, count: COUNT });
    expect([...all.each.subarray(0, COUNT)]).toEqual(far);
    const having = new Uint32Array(all.having.length);
    for (const row of list as Uint32Array)
      having[far[row] as number] = (having[far[row] as number] as number) + 1;
    expect([...all.having]).toEqual([...having]);
    const some = rows.distances(queryBits, { list: list as Uint32Array });
    expect([...some.each.subarray(0, list?.length)]).toEqual(
      [...(list as Uint32Array)].map((row) => far[row]),
    );
    expect([...some.having]).toEqual([...having]);
  });
});

describe('rows of more bits than are counted at once', () => {
  it('differ in as many as they do one by one', () => {
    const bytes = 600;
    const long = createBitRows(bytes);
    const counts = [0, 1, 3967, 3969, 8 * bytes];
    for (const [row, count] of counts.entries())
      long.set(
        row,
        Uint8Array.from({ length: bytes }, (_, at) => 2 ** Math.min(8, Math.max(0, count - 8 * at)) - 1),
      );
    const none = new Uint8Array(bytes);
    const mask = new Uint8Array(counts.length).fill(1);
    const all = long.distances(none, { mask, count: counts.length });
    expect([...all.each.subarray(0, counts.length)]).toEqual(counts);
    const some = long.distances(none, { list: Uint32Array.of(4, 2) });
    expect([...some.each.subarray(0, 2)]).toEqual([4800, 3967]);
  });
});

describe('the nearest slots', () => {
  it.each([
    ['all', () => true],
    ['of half', (slot: number) => slot % 2 === 0],
    ['of few', (slot: number) => slot % 11 === 5],
  ] as const)('are those of the least distant whose signs fit best, %s', (_, is) => {
    const expected = [...bits.keys()]
      .filter(is)
      .sort((a, b) => (far[a] as number) - (far[b] as number) || a - b)
      .slice(0, 2500)
      .sort((a, b) => signed(b) - signed(a));
    for (const asList of [false, true]) {
      const found = nearestSlots(rows, query, { count: 50, among: setOf(is, asList) });
      expect(new Set(found).size).toBe(50);
      // The query's numbers are taken as whole ones, which leaves open what is nearly as good.
      const least = signed(expected[49] as number) - 0.1;
      expect([...found].filter((slot) => signed(slot) < least)).toEqual([]);
      expect([...found].filter((slot) => !expected.includes(slot))).toEqual([]);
    }
  });
});
