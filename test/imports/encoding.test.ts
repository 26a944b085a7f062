import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EncodingChoice, textFormOf } from '../../src/imports/encoding.js';
import { Utf8Check } from '../../src/imports/utf8-faults.js';
import { temporaryFolder } from '../support/cli.js';
import { readAll } from './read.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const file = (...parts: (string | number[] | Buffer)[]): string => {
  const path = join(folder.path, 'x.csv');
  writeFileSync(
    path,
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part)))),
  );
  return path;
};
const titles = async (path: string, choice?: EncodingChoice) =>
  (await readAll('csv', path, choice)).rows.map((row) => ('values' in row ? row.values[1] : row));

describe('the encoding of a file', () => {
  it('is UTF-8 where some bytes are none, which are counted and named by their lines', async () => {
    const path = file(
      'id,title\n1,Café\n2,bad ',
      [0xff],
      '\n3,naïve ',
      [0xe2, 0x82],
      '\n4,Grün\n5,à la carte\n',
    );
    expect(await textFormOf(path)).toEqual({
      encoding: 'utf-8',
      isAssumed: false,
      bad: { count: 2, lines: [3, 4] },
    });
    expect(await titles(path)).toEqual(['Café', 'bad \uFFFD', 'naïve \uFFFD', 'Grün', 'à la carte']);
  });

  it('is UTF-8 with faults whatever their number, where the file begins with its mark', async () => {
    const path = file([0xef, 0xbb, 0xbf], 'id,title\n1,gr', [0xfc], 'n\n');
    expect(await textFormOf(path)).toMatchObject({ encoding: 'utf-8', bad: { count: 1, lines: [2] } });
  });

  it.each<[string, (string | number[])[], string[]]>([
    ['throughout', ['id,title\n1,Gr', [0xfc], 'n\n2,Caf', [0xe9], '\n'], ['Grün', 'Café']],
    [
      'with a pair of bytes that UTF-8 allows too',
      ['id,title\n1,CAF', [0xc9, 0x92], 'S\n2,Gr', [0xfc], 'n\n3,Caf', [0xe9], '\n'],
      ['CAFÉ’S', 'Grün', 'Café'],
    ],
  ])('is assumed to be Windows-1252 where it is not UTF-8 %s', async (_, parts, words) => {
    const path = file(...parts);
    expect(await textFormOf(path)).toEqual({ encoding: 'windows-1252', isAssumed: true, bad: null });
    expect(await titles(path)).toEqual(words);
  });

  it('is what a person says', async () => {
    const japanese = file('id,title\n1,', [0x83, 0x4c, 0x83, 0x62, 0x83, 0x4e], '\n');
    expect(await titles(japanese, { said: 'Shift_JIS' })).toEqual(['キック']);
    expect(await titles(japanese, { remembered: 'shift_jis' })).toEqual(['キック']);
    const path = file('id,title\n1,gr', [0xfc], 'n\n');
    expect(await textFormOf(path, { said: 'utf8' })).toMatchObject({ encoding: 'utf-8', bad: { count: 1 } });
    await expect(textFormOf(path, { said: 'klingon' })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(
        '--encoding: klingon is no encoding that this Node version reads: use a name',
      ),
    });
  });

  it('is no longer what was said earlier where the file proves another', async () => {
    expect(await titles(file('id,title\n1,キック\n'), { remembered: 'shift_jis' })).toEqual(['キック']);
    const wide = file(Buffer.from('\uFEFFid,title\n1,キック\n', 'utf16le'));
    expect(await textFormOf(wide, { remembered: 'shift_jis' })).toMatchObject({ encoding: 'utf-16le' });
  });
});

/** Bytes of each kind, as TextDecoder replaces them. */
const PIECES = [
  ...[[0x61], [0x0a], [0xc3, 0xa9], [0xc0, 0x80], [0xe2, 0x82, 0xac], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80]],
  ...[
    [0xf0, 0x9f, 0x98, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf0, 0x9f, 0x98],
    [0xe2, 0x82],
    [0xc3],
    [0x80],
    [0xff],
  ],
];

it.each(PIECES.flatMap((one) => PIECES.map((other) => [...one, ...other])))(
  'counts what TextDecoder replaces: %j %j %j %j %j %j',
  (...bytes) => {
    const check = new Utf8Check();
    for (const byte of bytes) if (byte !== undefined) check.read(Uint8Array.of(byte));
    check.end();
    const decoded = new TextDecoder().decode(Uint8Array.from(bytes.filter((byte) => byte !== undefined)));
    expect(check.bad.count).toBe(decoded.split('\uFFFD').length - 1);
  },
);

it('counts lines that end as in Windows and on old Macs', () => {
  const check = new Utf8Check();
  check.read(Buffer.from([0x0d, 0x0a, 0x0d, 0xff, 0x0a, 0xff, 0xff]));
  check.end();
  expect(check.bad).toEqual({ count: 3, lines: [3, 4] });
});
