import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderSourceText } from '../../src/collections/source-text.js';
import type { SampleRow } from '../../src/sources/types.js';

const render = (fields: Partial<SampleRow>) => renderSourceText({ id: 1, title: 'T', ...fields });

describe('renderSourceText', () => {
  const whole = [
    'Title: Dusty Keys',
    'Genre: Lo-Fi',
    'BPM: 92',
    'Key: A minor',
    'Mood: mellow, nostalgic',
    'Energy: 0.12',
    'Tags: warm, dusty',
    'Description: A soft loop.',
    'Sample Tags: keys, loop',
  ].join('\n');
  const fields = {
    id: 7,
    title: 'Dusty Keys',
    genre: 'Lo-Fi',
    bpm: 92.5,
    musical_key: 'A minor',
    mood_primary: 'mellow',
    mood_secondary: 'nostalgic',
    energy_level: 0.125,
  };

  test('renders a row of SQLite, its JSON as text', () => {
    const row = {
      ...fields,
      texture_tags: '["warm","dusty"]',
      characteristics: '{"raw_analysis":"A soft loop.","bpm":90}',
      tags: '["keys", "loop"]',
    };
    expect(renderSourceText(row)).toEqual({ text: whole, notes: [] });
  });

  test('renders a row of PostgreSQL, its JSON parsed and its numerics as text', () => {
    const row = {
      ...fields,
      bpm: '92.5',
      energy_level: '0.125',
      texture_tags: ['warm', 'dusty'],
      characteristics: { raw_analysis: 'A soft loop.' },
      tags: ['keys', 'loop'],
    };
    expect(renderSourceText(row)).toEqual({ text: whole, notes: [] });
  });

  test('renders a title alone, and a title that is missing', () => {
    expect(render({ title: 'Kick' })).toEqual({ text: 'Title: Kick', notes: [] });
    for (const title of [null, undefined, ''])
      expect(render({ title })).toEqual({ text: 'Title: ', notes: [] });
  });

  test.each<[string, Partial<SampleRow>, string | null]>([
    ['nulls', { genre: null, bpm: null, musical_key: null, tags: null, energy_level: null }, null],
    [
      'empty strings',
      { genre: '', musical_key: '', tags: '', bpm: '', mood_primary: '', mood_secondary: 'x' },
      null,
    ],
    ['BPM 0', { bpm: 0 }, null],
    ['BPM 0 as text', { bpm: '0.0' }, null],
    ['BPM -0', { bpm: -0 }, null],
    ['BPM that rounds to 0', { bpm: 0.3 }, 'BPM: 0'],
    ['BPM as a bigint', { bpm: 120n }, 'BPM: 120'],
    ['energy 0', { energy_level: 0 }, 'Energy: 0.00'],
    ['energy 1', { energy_level: 1 }, 'Energy: 1.00'],
    ['negative energy', { energy_level: -0.5 }, 'Energy: -0.50'],
    ['one mood', { mood_primary: 'dark' }, 'Mood: dark'],
    ['an empty second mood', { mood_primary: 'dark', mood_secondary: '' }, 'Mood: dark'],
    ['a second mood only', { mood_secondary: 'dark' }, null],
    ['no tags', { tags: '[]', texture_tags: [] }, null],
    ['JSON null', { tags: 'null', characteristics: 'null' }, null],
    ['empty items', { tags: ['a', '', 'b'] }, 'Sample Tags: a, , b'],
    ['one empty item', { tags: '[""]' }, 'Sample Tags: '],
    ['numbers among tags', { tags: '["a", 808]' }, 'Sample Tags: a, 808'],
    ['no raw_analysis', { characteristics: '{"bpm":90}' }, null],
    ['raw_analysis null', { characteristics: { raw_analysis: null } }, null],
    ['raw_analysis empty', { characteristics: { raw_analysis: '' } }, null],
    [
      'NaN as Python writes it',
      { characteristics: '{"x": NaN, "raw_analysis": "is NaN"}' },
      'Description: is NaN',
    ],
    ['a number as genre', { genre: 808 }, 'Genre: 808'],
    ['bytes as genre', { genre: Buffer.from('Müsik') }, 'Genre: Müsik'],
    ['blank genre', { genre: ' ' }, 'Genre:  '],
    ['tags in a JSON string', { tags: '"[\\"dark\\",\\"lofi\\"]"' }, 'Sample Tags: dark, lofi'],
    ['tags between commas', { tags: 'dark, lofi,' }, 'Sample Tags: dark, lofi'],
    ['tags between commas in a JSON string', { tags: '"dark, lofi"' }, 'Sample Tags: dark, lofi'],
    ['tags between semicolons', { tags: 'dark, really; lofi' }, 'Sample Tags: dark, really, lofi'],
    ['hash tags', { tags: '#dark #lofi' }, 'Sample Tags: dark, lofi'],
    ['one tag', { tags: 'dark' }, 'Sample Tags: dark'],
    ['a number alone', { texture_tags: '808' }, 'Tags: 808'],
    ['a list of Python', { tags: "['dark', \"it's\", 'a, b', None]" }, "Sample Tags: dark, it's, a, b"],
    ['an array of PostgreSQL', { tags: '{dark,"lo fi",NULL}' }, 'Sample Tags: dark, lo fi'],
    ['an empty array of PostgreSQL', { tags: '{}' }, null],
    [
      'objects with names',
      { tags: '[{"id": 1, "name": "dark"}, {"label": "lofi"}]' },
      'Sample Tags: dark, lofi',
    ],
    ['an object of booleans', { tags: '{"dark": true, "loud": false}' }, 'Sample Tags: dark'],
    ['BPM with its unit', { bpm: '120 BPM' }, 'BPM: 120'],
    ['BPM with a comma', { bpm: '92,5' }, 'BPM: 92'],
    ['BPM, about', { bpm: '~ 93.5bpm' }, 'BPM: 94'],
    ['a range of BPM', { bpm: '118-122' }, 'BPM: 118-122'],
    ['energy in per cent', { energy_level: '85%' }, 'Energy: 0.85'],
    ['energy with a comma', { energy_level: '0,85' }, 'Energy: 0.85'],
    // Plain numbers are as the earlier script wrote them.
    ['energy over a hundred', { energy_level: 101 }, 'Energy: 101.00'],
    ['energy of a hundred', { energy_level: 85 }, 'Energy: 0.85'],
    // It may be one of ten.
    ['energy of a scale', { energy_level: 7 }, 'Energy: 7.00'],
    ['a description alone', { characteristics: ' A loop.\n' }, 'Description: A loop.'],
    [
      'a description in JSON in a string',
      { characteristics: '"{\\"raw_analysis\\":\\"A loop.\\"}"' },
      'Description: A loop.',
    ],
    ['right-to-left and emoji', { genre: 'שלום 👩‍👩‍👧' }, 'Genre: שלום 👩‍👩‍👧'],
  ])('%s', (_name, fields, line) => {
    expect(render(fields)).toEqual({ text: line === null ? 'Title: T' : `Title: T\n${line}`, notes: [] });
  });

  test.each<[Partial<SampleRow>, string]>([
    [{ tags: '{bad' }, 'tags: not a list'],
    [{ tags: '{"a": [1]}' }, 'tags: not a list'],
    [{ tags: "['a', ['b']]" }, 'tags: not a list'],
    [{ tags: "{'a': 1}" }, 'tags: not a list'],
    [{ tags: { a: 1 } }, 'tags: not a list'],
    [{ bpm: '118–117' }, 'bpm: not a number'],
    [{ bpm: '1,200' }, 'bpm: not a number'],
    [{ bpm: '120 beats' }, 'bpm: not a number'],
    [{ bpm: Number.NaN }, 'bpm: not a number'],
    [{ bpm: 'NaN' }, 'bpm: not a number'],
    [{ bpm: 'fast' }, 'bpm: not a number'],
    [{ bpm: true }, 'bpm: not a number'],
    [{ bpm: -5 }, 'bpm: negative'],
    [{ bpm: 1e308 }, 'bpm: too large'],
    [{ bpm: '1e6' }, 'bpm: too large'],
    [{ bpm: Number.POSITIVE_INFINITY }, 'bpm: too large'],
    [{ bpm: '85%' }, 'bpm: not a number'],
    [{ bpm: '-14 dB' }, 'bpm: not a number'],
    [{ energy_level: '150%' }, 'energy_level: out of range'],
    [{ energy_level: '-10 %' }, 'energy_level: out of range'],
    [{ energy_level: '101,5' }, 'energy_level: out of range'],
    [{ energy_level: '85 bpm' }, 'energy_level: not a number'],
    [{ energy_level: 'high' }, 'energy_level: not a number'],
    [{ energy_level: Number.NaN }, 'energy_level: not a number'],
    [{ energy_level: -1e6 }, 'energy_level: too large'],
    [{ characteristics: '{text' }, 'characteristics: not JSON'],
    [{ characteristics: '[1]' }, 'characteristics: not an object'],
    [{ characteristics: '5' }, 'characteristics: not an object'],
    [{ characteristics: { raw_analysis: 5 } }, 'raw_analysis: not text'],
    [{ genre: { a: 1 } }, 'genre: not text'],
  ])('takes %j for missing and says so', (fields, note) => {
    expect(render(fields)).toEqual({ text: 'Title: T', notes: [note] });
  });

  test('keeps the items of a list that are text', () => {
    expect(render({ tags: ['a', null, { b: 1 }, 'c'] })).toEqual({
      text: 'Title: T\nSample Tags: a, c',
      notes: ['tags: items that are not text left out'],
    });
    expect(render({ tags: '[null,"",1,true,["nested"]]' })).toEqual({
      text: 'Title: T\nSample Tags: 1',
      notes: ['tags: items that are not text left out'],
    });
  });

  test('removes NUL and replaces lone surrogates, as the store would', () => {
    expect(render({ title: 'a\0b' })).toEqual({ text: 'Title: ab', notes: ['text: NUL characters removed'] });
    expect(render({ title: 'a\ud800b' })).toEqual({
      text: 'Title: a\ufffdb',
      notes: ['text: broken characters replaced'],
    });
    expect(render({ tags: '["\\ud83d"]' }).text).toBe('Title: T\nSample Tags: \ufffd');
  });

  test('removing NUL may join two halves of a character', () => {
    expect(render({ title: '\ud83d\0\ude00' })).toEqual({
      text: 'Title: 😀',
      notes: ['text: NUL characters removed'],
    });
  });

  test('never throws, and its text survives UTF-8', () => {
    const anything = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withTypedArray: true }),
      fc.string({ unit: 'binary' }),
    );
    const columns = [
      'title',
      'genre',
      'bpm',
      'musical_key',
      'tags',
      'mood_primary',
      'energy_level',
      'characteristics',
    ];
    fc.assert(
      fc.property(fc.record(Object.fromEntries(columns.map((name) => [name, anything]))), (fields) => {
        const { text } = render(fields);
        expect(Buffer.from(text).toString()).toBe(text);
        expect(text).not.toContain('\0');
        expect(text.startsWith('Title: ')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
