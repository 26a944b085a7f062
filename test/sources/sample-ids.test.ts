import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactIds, expandIds, formatIdRanges, parseSampleIds } from '../../src/sources/sample-ids.js';

describe('parseSampleIds', () => {
  it.each([
    ['1', '1'],
    ['0', '0'],
    ['1,5,10-20,100-200', '1,5,10-20,100-200'],
    ['10-20,5,1', '1,5,10-20'],
    ['1-5,3-8,9,11', '1-9,11'],
    ['1-10,2-3', '1-10'],
    ['7,7,7', '7'],
    [' 1 , 5 ,\n10 - 20 ', '1,5,10-20'],
    ['007', '7'],
    ['3-3', '3'],
    ['1-9007199254740991', '1-9007199254740991'],
  ])('reads %j as %s', (text, ranges) => {
    expect(formatIdRanges(parseSampleIds(text))).toBe(ranges);
  });

  it.each([
    ['', '--sample-ids is empty; write ids and ranges like 1,5,10-20'],
    ['  ', '--sample-ids is empty; write ids and ranges like 1,5,10-20'],
    ['5-1', '--sample-ids: "5-1" is reversed; write ids and ranges like 1,5,10-20'],
    ['a-b', '--sample-ids: "a-b" is neither an id nor a range; write ids and ranges like 1,5,10-20'],
    ['1-', '--sample-ids: "1-" is neither an id nor a range; write ids and ranges like 1,5,10-20'],
    ['3,-5', '--sample-ids: "-5" is neither an id nor a range; write ids and ranges like 1,5,10-20'],
    ['1.5', '--sample-ids: "1.5" is neither an id nor a range; write ids and ranges like 1,5,10-20'],
    ['1e3', '--sample-ids: "1e3" is neither an id nor a range; write ids and ranges like 1,5,10-20'],
    ['1-2-3', '--sample-ids: "1-2-3" is neither an id nor a range; write ids and ranges like 1,5,10-20'],
    ['1;2', '--sample-ids: "1;2" is neither an id nor a range; write ids and ranges like 1,5,10-20'],
    ['١', '--sample-ids: "١" is neither an id nor a range; write ids and ranges like 1,5,10-20'],
    ['1,,2', '--sample-ids: "1,,2" has nothing between two commas; write ids and ranges like 1,5,10-20'],
    [
      '9007199254740992',
      '--sample-ids: "9007199254740992" is over 9007199254740991; write ids and ranges like 1,5,10-20',
    ],
  ])('refuses %j', (text, message) => {
    expect(() => parseSampleIds(text)).toThrow(
      expect.objectContaining({ name: 'Fault', kind: 'usage', message }),
    );
  });

  it('shortens a long part in its message', () => {
    expect(() => parseSampleIds('x'.repeat(10_000))).toThrow(/^.{0,160}$/);
  });

  it('is undone by formatIdRanges, for any ranges', () => {
    const id = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(fc.array(fc.tuple(id, id), { minLength: 1 }), (pairs) => {
        const text = pairs.map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`).join(',');
        const ranges = parseSampleIds(text);
        expect(parseSampleIds(formatIdRanges(ranges))).toEqual(ranges);
        ranges.slice(1).forEach((range, i) => {
          expect(range.from).toBeGreaterThan((ranges[i]?.to ?? 0) + 1);
        });
      }),
    );
  });

  it('holds the ids that were written, and no others', () => {
    const range = fc.tuple(fc.nat(60), fc.nat(12)).map(([from, width]) => ({ from, to: from + width }));
    fc.assert(
      fc.property(fc.array(range, { minLength: 1 }), (ranges) => {
        const holds = (id: number) => (r: { from: number; to: number }) => r.from <= id && id <= r.to;
        const parsed = parseSampleIds(formatIdRanges(ranges));
        for (let id = 0; id < 80; id++) expect(parsed.some(holds(id))).toBe(ranges.some(holds(id)));
      }),
    );
  });
});

describe('compactIds', () => {
  it.each([
    [[], ''],
    [[1, 2, 3, 7], '1-3,7'],
    [[1, 1, 2], '1-2'],
    [[-7, -6, -5, -1, 0, 1, 2], '-7--5,-1-2'],
    [[-3], '-3'],
    [[9, 2, 3, 1, 2, 10], '1-3,9-10'],
  ])('writes %j as %j', (ids, text) => {
    expect(compactIds(ids)).toBe(text);
  });

  it('is undone by expandIds, negative ids included', () => {
    const id = fc.oneof(fc.integer({ min: -30, max: 30 }), fc.maxSafeInteger());
    fc.assert(
      fc.property(fc.uniqueArray(id), (ids) => {
        const sorted = [...ids].sort((a, b) => a - b).map((n) => n + 0);
        // In any order: pages of text ids come in that of the text.
        expect(expandIds(compactIds(ids))).toEqual(sorted);
      }),
    );
  });

  it.each(['1,,2', 'x', '1-1000000000', '1-'])('expandIds refuses %j', (text) => {
    expect(() => expandIds(text)).toThrow(RangeError);
  });
});
