import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTemplate, type TemplateError } from '../../src/collections/template.js';
import type { SampleRow } from '../../src/sources/types.js';

const render = (template: string, fields: Record<string, unknown>, id?: string) =>
  parseTemplate(template, id).render({ id: 7, ...fields } as SampleRow);

describe('a template', () => {
  test('renders lines of text with fields', () => {
    const template = 'Title: {name}\nBPM: {bpm | round}\nTags: {tags | join(", ")}\n';
    expect(render(template, { name: 'Kick 01', bpm: 92.5, tags: ['dusty', 'warm'] })).toEqual({
      text: 'Title: Kick 01\nBPM: 92\nTags: dusty, warm',
      notes: [],
    });
  });

  test('names the fields that it reads, each once and without the id, and where each stands', () => {
    const template = parseTemplate('{ name } {bpm}\n{name}: {uuid}', 'uuid');
    expect(template.fields).toEqual(['name', 'bpm']);
    expect(template.uses).toEqual([
      { field: 'name', line: 1, column: 3 },
      { field: 'bpm', line: 1, column: 11 },
      { field: 'name', line: 2, column: 2 },
      { field: 'uuid', line: 2, column: 10 },
    ]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['7', {}, '7'],
    ['drums/kick.wav', { textId: 'drums/kick.wav' }, 'drums/kick.wav'],
  ])('reads the id %s from where the row has it', (_, row, expected) => {
    expect(render('{path}', { ...row, path: 'a column of that name is not read' }, 'path').text).toBe(
      expected,
    );
  });

  test.each<[string, string, Record<string, unknown>, string]>([
    ['all of whose fields are missing is left out', 'A: {a}\nB: {b}{c}', { a: 'x' }, 'A: x'],
    ['one of whose fields is there stays', 'A: {a}\nB: {b}/{c}', { a: 'x', c: 'y' }, 'A: x\nB: /y'],
    ['without fields is always there', 'One shot\n\nA: {a}\nB: {b}', { b: 'y' }, 'One shot\n\nB: y'],
    ['left out at the end leaves no empty line behind', 'A: {a}\n\nB: {b}', { a: 'x' }, 'A: x'],
    ['of Windows ends as any other', 'A: {a}\r\nB: {b}\r\n', { a: 'x', b: 'y' }, 'A: x\nB: y'],
  ])('a line %s', (_, template, row, expected) => {
    expect(render(template, row).text).toBe(expected);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['absent', undefined],
    ['empty', ''],
    ['blank', ' \t\n'],
    ['nothing but NUL', '\0'],
    ['an empty list', []],
    ['empty bytes', new Uint8Array()],
  ])('a value that is %s is missing, without a note', (_, a) => {
    expect(render('A: {a}\nB', { a })).toEqual({ text: 'B', notes: [] });
  });

  test('says that its text is empty where all fields are missing', () => {
    expect(render('A: {a}', {})).toEqual({ text: '', notes: [] });
    expect(render('  \n{a}', {})).toEqual({ text: '', notes: [] });
  });

  test.each<[string, unknown, string]>([
    ['text', 'Löwe 🥁', 'Löwe 🥁'],
    ['text with blanks around it', ' a ', ' a '],
    ['a whole number', 808, '808'],
    ['zero', 0, '0'],
    ['minus zero', -0, '0'],
    ['a large whole number', 44_100_000, '44100000'],
    ['a bigint', 9_007_199_254_740_993n, '9007199254740993'],
    ['a float, as short as it can be', 0.1, '0.1'],
    ['true', true, 'true'],
    ['false', false, 'false'],
    ['a date', new Date(Date.UTC(2026, 10, 26, 13, 5)), '2026-11-26T13:05:00.000Z'],
    ['bytes', Buffer.from('Löwe'), 'Löwe'],
    ['a list', ['a', 2], 'a, 2'],
  ])('prints %s', (_, a, expected) => {
    expect(render('{a}', { a })).toEqual({ text: expected, notes: [] });
  });

  test.each<[string, string, unknown, string]>([
    ['NaN', '{a}', Number.NaN, 'a: not a number'],
    ['an infinite number', '{a}', Number.POSITIVE_INFINITY, 'a: not a number'],
    ['a date that is none', '{a}', new Date(Number.NaN), 'a: not text'],
    ['an object', '{a}', { b: 1 }, 'a: not text'],
    ['a word that is rounded', '{a | round}', 'fast', 'a: not a number'],
    ['a per cent as a whole number', '{a | round}', '85%', 'a: not a number'],
    ['a wall of digits', '{a | round}', 1e21, 'a: too large'],
    ['half a list that is joined', '{a | join}', '["warm', 'a: not a list'],
    ['an object that is joined', '{a | join}', { b: 1 }, 'a: not a list'],
    ['a broken JSON column', '{a | json("b")}', '{"b":', 'a: not JSON'],
    ['a number that is read as JSON', '{a | json("b")}', 5, 'a: not an object'],
    ['an object in lower case', '{a | lower}', { b: 1 }, 'a: not text'],
  ])('leaves out %s, and says so once', (_, template, a, expected) => {
    expect(render(`X\nA: ${template}\nB: ${template}`, { a })).toEqual({ text: 'X', notes: [expected] });
  });

  test.each<[string, unknown, string]>([
    ['{a | round}', 93.5, '94'],
    ['{a | round}', '92.50', '92'],
    ['{a | round}', 2_646_000.4, '2646000'],
    ['{a | round}', -0.2, '0'],
    ['{a | round}', -3, '-3'],
    ['{a | round}', '+007', '7'],
    ['{a | round}', 9_007_199_254_740_993n, '9007199254740993'],
    ['{a | round(2)}', 0.125, '0.12'],
    ['{a | round(2)}', -0.001, '0.00'],
    ['{a | round(2)}', '9007199254740993', '9007199254740993.00'],
    ['{a|round( 1 )}', 0.25, '0.2'],
    ['{a | round(2)}', '85%', '0.85'],
    ['{a | join(", ")}', '["a","b"]', 'a, b'],
    ['{a | join("; ")}', ['a', '', 3], 'a; 3'],
    ['{a | join}', ['a', 'b'], 'a, b'],
    ['{a | join("|}")}', ['a', 'b'], 'a|}b'],
    ['{a | default("x")}', null, 'x'],
    ['{a | default("x")}', 'y', 'y'],
    ['{a | default(0)}', '', '0'],
    ['{a | round | default("?")}', null, '?'],
    ['{a | default("loud") | upper}', undefined, 'LOUD'],
    ['{a | lower}', 'ÄB İ', 'äb i̇'],
    ['{a | upper}', 'straße', 'STRASSE'],
    ['{a | trim}', '  x ', 'x'],
    ['{a | truncate(3)}', 'abcd', 'abc'],
    ['{a | truncate(3)}', 'abc', 'abc'],
    ['{a | truncate(1)}', '🥁🥁', '🥁'],
    ['{a | json("b")}', '{"b":"x"}', 'x'],
    ['{a | json("b.c")}', { b: { c: 0.5 } }, '0.5'],
    ['{a | json("b.1")}', { b: ['x', 'y'] }, 'y'],
    ['{a | json("b") | join("/")}', { b: ['x', 'y'] }, 'x/y'],
    ['{a | json("b") | round(1)}', '{"b":2.25, "c":NaN}', '2.2'],
    ['{a | json("b") | default("none")}', '{"c":1}', 'none'],
    ['{a | json("toString") | default("none")}', {}, 'none'],
  ])('%s of %o is %s', (template, a, expected) => {
    expect(render(template, { a })).toEqual({ text: expected, notes: [] });
  });

  test.each<[string, string]>([
    ['{{name}}', '{name}x'],
    ['{{{a}}}', '{x}x'],
    ['}}{{', '}{x'],
    ['$ {{', '$ {x'],
  ])('has braces of its own: %s', (template, expected) => {
    expect(render(`${template}{a}`, { a: 'x' }).text).toBe(expected);
  });

  test.each<[string, Record<string, unknown>]>([
    ['{Musical Key}', { 'Musical Key': 'x' }],
    ['{"Musical Key"}', { 'Musical Key': 'x' }],
    ['{"a|b}"}', { 'a|b}': 'x' }],
    ['{größe}', { größe: 'x' }],
    ['{"a\\"b" | trim}', { 'a"b': ' x' }],
  ])('takes any name of a column: %s', (template, row) => {
    expect(render(template, row).text).toBe('x');
  });

  test('does not take what every object has for a column', () => {
    expect(render('A: {constructor}{toString}\nB', {})).toEqual({ text: 'B', notes: [] });
  });

  test.each<[string, string, string]>([
    ['NUL', 'a\0b', 'text: NUL characters removed'],
    ['a lone surrogate', 'a\ud800b', 'text: broken characters replaced'],
    ['a trace of bytes that are no UTF-8', 'a\ufffdb', 'a: bytes that are no UTF-8 replaced'],
  ])('says that %s was there', (_, a, note) => {
    const { text, notes } = render('{a}', { a, other: '\ufffd is not read' });
    expect(notes).toEqual([note]);
    expect(text).toBe(a.replace('\0', '').toWellFormed());
  });

  test.each<[string, number, number, RegExp]>([
    ['Title: {name', 1, 8, /never closed/],
    ['x\nTitle: }', 2, 8, /closes nothing: write }}/],
    ['{}', 1, 1, /no field/],
    ['{a b|}', 1, 6, /no filter: write one of round, join/],
    ['{a | rond}', 1, 6, /^rond is no filter: did you mean round\?$/],
    ['{a | xyzzy}', 1, 6, /^xyzzy is no filter: write one of round, join/],
    ['{a | round(21)}', 1, 6, /write round or round\(2\)/],
    ['{a | round("2")}', 1, 6, /write round/],
    ['{a | join(1)}', 1, 6, /write join\(", "\)/],
    ['{a | lower(1)}', 1, 6, /write lower/],
    ['{a | default}', 1, 6, /write default\("text"\)/],
    ['{a | truncate(0)}', 1, 6, /write truncate\(200\)/],
    ['{a | json}', 1, 6, /write json\("path.to.value"\)/],
    ['{a | join(,)}', 1, 11, /neither a number nor text/],
    ["{a | join(', ')}", 1, 11, /double quotes/],
    ['{a | join(", "}', 1, 15, /"," or "\)" is missing/],
    ['{a | round(', 1, 11, /"\(" is never closed/],
    ['{a | join(", )}', 1, 11, /quote is never closed/],
    ['{a | join("\\q")}', 1, 11, /as in JSON/],
    ['{"a" b}', 1, 6, /"b" is not allowed here/],
    ['just words', 1, 1, /names no field/],
    ['', 1, 1, /names no field/],
  ])('that is wrong says where: %s', (template, line, column, message) => {
    expect.assertions(2);
    try {
      parseTemplate(template);
    } catch (error) {
      expect(error).toMatchObject({ line, column });
      expect((error as TemplateError).message).toMatch(message);
    }
  });

  test('never throws, whatever a row holds, and gives equal texts for equal rows', () => {
    const filters = [
      'round',
      'round(2)',
      'join("-")',
      'default("x")',
      'lower',
      'trim',
      'json("a.b")',
      'truncate(5)',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...filters), { maxLength: 4 }),
        fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, withNullPrototype: true }),
        (chain, a) => {
          const template = `A: {a${chain.map((filter) => ` | ${filter}`).join('')}}`;
          const first = render(template, { a });
          expect(render(template, { a })).toEqual(first);
          expect(first.text.isWellFormed()).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
