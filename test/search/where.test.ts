import { describe, expect, it } from 'vitest';
import { readRange } from '../../src/search/range.js';
import { readWhere } from '../../src/search/where.js';

const { POSITIVE_INFINITY: MOST, NEGATIVE_INFINITY: LEAST } = Number;

describe('--where', () => {
  it.each([
    ['pack=Dusty Breaks', { field: 'pack', is: 'Dusty Breaks' }],
    ['pack="Dusty Breaks"', { field: 'pack', is: 'Dusty Breaks' }],
    ['formula=a=b', { field: 'formula', is: 'a=b' }],
    ['take="80-95"', { field: 'take', is: '80-95' }],
    ['bpm=92', { field: 'bpm', is: '92' }],
    ['gain=-3', { field: 'gain', is: '-3' }],
    ['bpm=80-95', { field: 'bpm', from: 80, to: 95 }],
    ['gain=-12--3.5', { field: 'gain', from: -12, to: -3.5 }],
    ['gain=-12..-3', { field: 'gain', from: -12, to: -3 }],
    ['bpm=80..', { field: 'bpm', from: 80, to: MOST }],
    ['bpm=..95', { field: 'bpm', from: LEAST, to: 95 }],
    ['day=2024-01-05', { field: 'day', is: '2024-01-05' }],
    ['path=../kicks', { field: 'path', is: '../kicks' }],
  ])('%s', (text, filter) => expect(readWhere(text)).toEqual(filter));

  it.each([
    ['bpm', /--where bpm names no field: write --where pack="Dusty Breaks"/],
    ['=x', /names no field/],
    ['bpm=', /gives no value/],
    [
      'bpm=95-80',
      /is reversed: write the smaller number first, or the value in quotes: --where 'bpm="95-80"'/,
    ],
  ])('%s is refused', (text, message) => {
    expect(() => readWhere(text)).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.stringMatching(message) }),
    );
  });
});

it.each([
  ['0.2-0.6', { from: 0.2, to: 0.6 }],
  ['.5', { from: 0.5, to: 0.5 }],
  ['..', null],
  ['warm', null],
  ['1-2-3', null],
])('a range: %s', (text, range) => expect(readRange(text)).toEqual(range));
