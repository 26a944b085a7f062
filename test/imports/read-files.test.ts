import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.js';
import { readAll } from './read.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const file = (content: string | Buffer, name = 'file'): string => {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
};
const csv = (content: string | Buffer) => readAll('csv', file(content));
const valuesOf = async (content: string | Buffer) =>
  (await csv(content)).rows.map((row) => ('values' in row ? row.values : row.wrong));

describe('a CSV file', () => {
  it('may have a byte order mark, quotes, a comma or a line break within them, and blanks', async () => {
    const { columns, rows } = await csv(
      '\uFEFFpath,title,bpm\r\na.wav,"Kick, ""hard""\nand long", 92 \r\n\r\nb.wav,,\r\n',
    );
    expect(columns).toEqual(['path', 'title', 'bpm']);
    expect(rows).toEqual([
      { line: 3, values: ['a.wav', 'Kick, "hard"\nand long', '92'] },
      { line: 5, values: ['b.wav', null, null] },
    ]);
  });

  it.each([
    ['semicolons', 'path;title;bpm\na,b.wav;Kick;92,5\n'],
    ['tabs', 'path\ttitle\tbpm\na,b.wav\tKick\t92,5\n'],
    ['bars', 'path|title|bpm\na,b.wav|Kick|92,5\n'],
    ['a line of Excel that names it', 'sep=;\r\npath;title;bpm\r\na,b.wav;Kick;92,5\r\n'],
    ['separators in quotes besides', '"path";"title";"bpm"\n"a,b.wav";Kick;"92,5"\n'],
  ])('is separated by %s', async (_, content) => {
    expect(await valuesOf(content)).toEqual([['a,b.wav', 'Kick', '92,5']]);
  });

  it('may have blanks around its values, also before and behind quotes', async () => {
    const blanks = 'id, title ,bpm\n1, "Kick, hard" , 92\n2,\t Snare,\n3,"  Hat ", "a ""b"""\n';
    expect(await valuesOf(blanks)).toEqual([
      ['1', 'Kick, hard', '92'],
      ['2', 'Snare', null],
      ['3', '  Hat ', 'a "b"'],
    ]);
    expect(await valuesOf('id\ttitle\tbpm\n\t\t92\n1\t "Kick\thard"\t\n')).toEqual([
      [null, null, '92'],
      ['1', 'Kick\thard', null],
    ]);
  });

  it('is refused where a row is too long, be its quotation marks closed or not', async () => {
    await expect(csv(`a,b\n1,2\n3,"${'long '.repeat(900_000)}"\n5,6\n`)).rejects.toThrow(
      /the row after line 2 has more than 4 million letters: shorten it, or close the quotation mark/,
    );
  });

  it.each<[string, BufferEncoding, number[]]>([
    ['UTF-16 with its mark', 'utf16le', [0xff, 0xfe]],
    ['UTF-16 without', 'utf16le', []],
    ['Windows-1252, as Excel writes', 'latin1', []],
    ['UTF-8', 'utf8', []],
  ])('may be of %s', async (_, encoding, mark) => {
    const bytes = Buffer.concat([
      Buffer.from(mark),
      Buffer.from('path,title\nkick.wav,Grün à la carte\n', encoding),
    ]);
    expect(await valuesOf(bytes)).toEqual([['kick.wav', 'Grün à la carte']]);
  });

  it('may be of UTF-16 the other way round', async () => {
    expect(await valuesOf(Buffer.from('\uFEFFpath,title\na,b\n', 'utf16le').swap16())).toEqual([['a', 'b']]);
  });

  it('has rows of another length, which are named, and a separator at the end, which is nothing', async () => {
    const { rows } = await csv('a,b\n1\n1,2,3\n1,2,,\n12" mix,2\n');
    expect(rows).toEqual([
      { line: 2, wrong: 'other than 2 values' },
      { line: 3, wrong: 'other than 2 values' },
      { line: 4, values: ['1', '2'] },
      { line: 5, values: ['12" mix', '2'] },
    ]);
  });

  it('has names that are there twice, empty, or not to be read by a template', async () => {
    const { columns } = await csv('title,Title,,"{a|b}",TextId\n1,2,3,4,5\n');
    expect(columns).toEqual(['title', 'Title 2', 'column 3', 'a b', 'TextId 2']);
  });

  it.each([
    ['', /has no row with names of columns/],
    ['a,b\n1,2\n3,"open\n5,6\n', /a quotation mark that is opened after line 2 is never closed/],
    [
      `a,b\n1,2\n3,${'x'.repeat(4_100_000)}\n`,
      /the row after line 2 has more than 4 million letters: shorten it/,
    ],
  ])('%.40j is refused', async (content, words) => {
    await expect(csv(content)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(words),
    });
  });

  it.each([
    ['nowhere.csv', /there is no file .*nowhere\.csv/],
    ['', /is no file: name the file itself/],
  ])('that is not there (%j) is refused', async (name, words) => {
    await expect(readAll('csv', join(folder.path, name))).rejects.toThrow(words);
  });
});

describe('JSON lines', () => {
  it('give columns as they come, keep numbers, and nested values as JSON', async () => {
    const { columns, rows } = await readAll(
      'jsonl',
      file(
        '{"id":1,"title":"Kick","tags":["dry"],"loop":true}\n\n{"bpm":92.5,"id":"x","Tags":"wet","a":{"b":1},"note":" "}\r\n',
      ),
    );
    expect(columns).toEqual(['id', 'title', 'tags', 'loop', 'bpm', 'Tags 2', 'a', 'note']);
    expect(rows).toEqual([
      { line: 1, values: [1, 'Kick', '["dry"]', 'true'] },
      { line: 3, values: ['x', null, null, null, 92.5, 'wet', '{"b":1}', null] },
    ]);
  });

  it('keep the digits of numbers that a JavaScript number would alter, also in lists and objects', async () => {
    const written = [
      ...['9007199254740991', '-9007199254740991', '12.50', '1E3', '-0', '0.1', '0.30000000000000004'],
      ...['9007199254740992', '9007199254740993', '-9007199254740993', '18446744073709551616'],
      ...['100000000000000000000000', '0.12345678901234567891', '1e400', '1e-400'],
    ];
    const { rows } = await readAll('jsonl', file(written.map((number) => `{"id":${number}}`).join('\n')));
    expect(rows.map((row) => ('values' in row ? row.values[0] : row))).toEqual([
      ...[9007199254740991, -9007199254740991, 12.5, 1000, -0, 0.1, 0.30000000000000004],
      ...written.slice(7),
    ]);
    const nested = await readAll(
      'jsonl',
      file('{"a":[9007199254740993,{"b":-1e999}],"c":"9007199254740993 \\" 1e400","n9007199254740993":1}'),
    );
    expect(nested.columns).toEqual(['a', 'c', 'n9007199254740993']);
    expect(nested.rows).toEqual([
      { line: 1, values: ['[9007199254740993,{"b":-1e999}]', '9007199254740993 " 1e400', 1] },
    ]);
  });

  it('name lines that are none', async () => {
    const { rows } = await readAll('jsonl', file('{"a":1}\n{"a":\n[1]\nnull\n{"a":2}'));
    expect(rows.map(({ line, ...row }) => ('wrong' in row ? `${line} ${row.wrong}` : line))).toEqual([
      1,
      '2 not an object of JSON',
      '3 not an object of JSON',
      '4 not an object of JSON',
      5,
    ]);
  });

  it('name a line that is too long, and give the others', async () => {
    const long = `{"a":"${'x'.repeat(16_000_000)}"}`;
    const { rows } = await readAll('jsonl', file(`{"a":1}\n${long}\n{"a":2}\n${long}`));
    const wrong = 'more than 16 million letters in one line';
    expect(rows).toEqual([
      { line: 1, values: [1] },
      { line: 2, wrong },
      { line: 3, values: [2] },
      { line: 4, wrong },
    ]);
  });

  it('are not one list', async () => {
    await expect(readAll('jsonl', file('[{"a":1},\n{"a":2}]'))).rejects.toThrow(/is one list.*jq -c/);
  });
});

describe("rekordbox's XML", () => {
  const TRACKS = `<?xml version="1.0" encoding="UTF-8"?>
<DJ_PLAYLISTS Version="1.0.0">
  <PRODUCT Name="rekordbox" Version="6.8.5" Company="AlphaTheta"/>
  <COLLECTION Entries="2">
    <TRACK TrackID="41" Name="Rock &amp; Roll" Artist="" AverageBpm="0.00" Tonality="8A"
      Location="file://localhost/C:/Users/ada/Music/100%25%20wet.wav"/>
    <TRACK TrackID="42" Name="Night" Artist="Ada" AverageBpm="121.97" Location="file://localhost/Users/ada/n%C3%A9e.mp3">
      <TEMPO Inizio="0.232" Bpm="172.00" Metro="4/4" Battito="1"/>
    </TRACK>
  </COLLECTION>
  <PLAYLISTS><NODE Type="0" Name="ROOT"><NODE Name="Favourites" Type="1"><TRACK Key="41"/></NODE></NODE></PLAYLISTS>
</DJ_PLAYLISTS>`;

  it('gives the tracks of its collection, with paths for addresses', async () => {
    const { columns, rows } = await readAll('rekordbox', file(TRACKS));
    const named = rows.map((row) =>
      'values' in row
        ? ['TrackID', 'Name', 'Artist', 'AverageBpm', 'Tonality', 'Location'].map(
            (name) => row.values[columns.indexOf(name)],
          )
        : row,
    );
    expect(named).toEqual([
      ['41', 'Rock & Roll', null, '0.00', '8A', 'C:/Users/ada/Music/100% wet.wav'],
      ['42', 'Night', 'Ada', '121.97', null, '/Users/ada/née.mp3'],
    ]);
  });

  it.each([
    ['cut short', TRACKS.slice(0, 400), /is incomplete/],
    ['of another kind', 'path,title\na,b\n', /is not XML as rekordbox writes it/],
    ['damaged', TRACKS.replace('Name="Night"', 'Name="Night'), /:7:\d+ is not XML as rekordbox writes it/],
  ])('that is %s is refused', async (_, content, words) => {
    await expect(readAll('rekordbox', file(content))).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(words),
    });
  });
});
