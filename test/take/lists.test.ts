import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { csvOf } from '../../src/take/csv.js';
import { m3u8Of } from '../../src/take/m3u8.js';
import { prepareSamples } from '../../src/take/prepare.js';
import { writeZip } from '../../src/take/zip.js';
import { temporaryFolder } from '../support/cli.js';
import { files, hit, wav, writeSample } from './samples.js';

describe('a playlist', () => {
  it('is extended M3U; titles stay on their line', () => {
    const entries = [
      {
        hit: hit({
          sample_id: 1,
          title: 'Kick\n#EXTINF:9,evil\r\nx\u2028y',
          duration: 1.6,
          path: '/m/a b.wav',
        }),
      },
      { hit: hit({ sample_id: 2, title: null, path: 'rel/été.wav' }) },
      { hit: hit({ sample_id: 3, title: 'gone', path: null }) },
      { hit: hit({ sample_id: 4, title: 'line', path: '/m/a\nb.wav' }) },
      { hit: hit({ sample_id: 5, title: 'sharp', path: '#1.wav' }) },
    ];
    expect(m3u8Of(entries)).toBe(
      [
        '#EXTM3U',
        '#EXTINF:2,Kick #EXTINF:9,evil x y',
        '/m/a b.wav',
        '#EXTINF:-1,été.wav',
        'rel/été.wav',
        '#EXTINF:-1,line',
        'file:///m/a%0Ab.wav',
        '#EXTINF:-1,sharp',
        './#1.wav',
        '',
      ].join('\n'),
    );
  });

  it('shows no text that is turned around, and no terminal sequence', () => {
    const evil = 'Kick\u202egpj.wav\u2066\u200f\u061c \u001b[31mred\u009b2J';
    const entries = [
      { hit: hit({ sample_id: 1, title: evil, path: '/m/a.wav' }) },
      { hit: hit({ sample_id: 2, title: 'path', path: '/m/a\u202egpj.wav' }) },
      { hit: hit({ sample_id: 3, title: 'relative', path: 'm#/a\u202egpj?.wav' }) },
      { hit: hit({ sample_id: 4, title: 'שלום سلام 👩🏽', path: '/m/שלום.wav' }) },
    ];
    expect(m3u8Of(entries).split('\n').slice(1, -1)).toEqual([
      '#EXTINF:-1,Kick gpj.wav red 2J',
      '/m/a.wav',
      '#EXTINF:-1,path',
      'file:///m/a%E2%80%AEgpj.wav',
      '#EXTINF:-1,relative',
      'm%23/a%E2%80%AEgpj%3F.wav',
      '#EXTINF:-1,שלום سلام 👩🏽',
      '/m/שלום.wav',
    ]);
  });

  it('is relative to its folder where that is asked for', () => {
    const text = m3u8Of([{ hit: hit({ sample_id: 1, title: 'K' }), path: '/m/crate/01 K.wav' }], {
      relativeTo: '/m/lists',
    });
    expect(text.split('\n')[2]).toBe('../crate/01 K.wav');
  });
});

describe('a table', () => {
  it('is RFC 4180 and holds no formula', () => {
    const text = csvOf([
      hit({
        sample_id: 1,
        title: '=HYPERLINK("http://x")',
        key: '-2+3',
        bpm: -3,
        path: 'a,"b"\n.wav',
        genre: '-12',
      }),
      hit({
        sample_id: 2,
        title: '@x',
        fields: { '=name': '+1 more', level: -6.5, list: ['a'], bpm: 90, none: null },
      }),
    ]);
    expect(text).toMatch(/\r\n$/);
    const [head, first, second] = parse(text) as string[][];
    expect(head).toEqual([
      ...['rank', 'sample_id', 'title', 'path', 'bpm', 'key', 'duration', 'genre', 'mood', 'similarity'],
      ...["'=name", 'level', 'list', 'none'],
    ]);
    expect(first?.slice(2, 8)).toEqual(['\'=HYPERLINK("http://x")', 'a,"b"\n.wav', '-3', "'-2+3", '', '-12']);
    expect(second).toEqual([
      '2',
      '2',
      "'@x",
      '',
      '90',
      '',
      '',
      '',
      '',
      '0.5',
      "'+1 more",
      '-6.5',
      '["a"]',
      '',
    ]);
  });

  it.each([
    // The signs of OWASP's list, with the full-width ones.
    ...['=1', '+x', '-x', '@x', '\tx', '\rx', '\nx'].map((text) => [text, `'${text}`]),
    ...['\uff1d1', '\uff0bx', '\uff0dx', '\uff20x', '\ufe66x', '\ufe63x'].map((text) => [text, `'${text}`]),
    // After what a spreadsheet may skip.
    ...['  =1', '\u00a0@x', '\u3000\uff1d1', '\ufeff=1', '\u200b=1', '\0=1'].map((text) => [
      text,
      `'${text}`,
    ]),
    // Where a table is not read as it is meant: by lines, semicolons, tabs.
    ['Kick;=1;x', "Kick;'=1;x"],
    ['Kick; @x', "Kick;' @x"],
    ['Kick\t=1', "Kick\t'=1"],
    ['Kick\r\n\r\n+x', "Kick\r\n\r\n'+x"],
    ...['Kick - Hard', 'a=b', 'x@y', 'C+', '-12', '+.5', '-1.25', '', ' ', 'Été; 2', "'x"].map((text) => [
      text,
      text,
    ]),
  ] as [string, string][])('holds %j as %j', (text, cell) => {
    const [, row] = parse(csvOf([hit({ sample_id: 1, title: text, genre: 'end' })])) as string[][];
    expect([row?.[2], row?.[7]]).toEqual([cell, 'end']);
  });

  it('keeps a line break of a title within its cell', () => {
    const text = csvOf([hit({ sample_id: 1, title: 'a\nb' }), hit({ sample_id: 2, title: 'c\rd' })]);
    expect(text.split('\r\n').slice(1, 3)).toEqual(['1,1,"a\nb",,,,,,,0.5', '2,2,"c\rd",,,,,,,0.5']);
  });

  it('takes no longer for text that is all blanks', () => {
    const text = `${'\n'.repeat(200_000)}${' '.repeat(200_000)}x`;
    // A comparison by the test runner would take minutes where it fails.
    expect(csvOf([hit({ sample_id: 1, title: text })]).includes(`"'${text}"`)).toBe(true);
  });

  it('of nothing is its head', () => expect(csvOf([])).toMatch(/^rank,.*similarity\r\n$/));
});

describe('a zip', () => {
  it('holds the files under their names, in banks, as a stream; what is left out is named', async () => {
    const place = temporaryFolder();
    const samples = [1, 2, 3].map((id) =>
      hit({ sample_id: id, title: 'Été 🎷', path: writeSample(place.path, `${id}.wav`, wav({ pitch: id })) }),
    );
    const stream = new PassThrough();
    const { open, opened } = files();
    const [result, bytes] = await Promise.all([
      writeZip(
        prepareSamples([...samples, hit({ sample_id: 4, title: 'Gone', path: '/nowhere' })], open),
        stream,
        { tellLeftOut: true },
      ),
      buffer(stream),
    ]);
    expect(result.packed.map(({ to }) => to)).toEqual(['01 Été 🎷.wav', '02 Été 🎷.wav', '03 Été 🎷.wav']);
    expect(result.leftOut).toMatchObject([{ hit: { sample_id: 4 } }]);
    expect(opened()).toBe(0);
    for (const { to } of result.packed) expect(bytes.includes(Buffer.from(to))).toBe(true);
    expect(bytes.includes(wav({ pitch: 2 }))).toBe(true);
    // The end of the central directory: three sounds, and a text that names what is not among them.
    expect(bytes.readUInt16LE(bytes.length - 12)).toBe(4);
    expect(bytes.toString()).toMatch(/Left out\.txt.*Left out: 4 \(Gone\): \/nowhere is not there\.\r\n/s);
    // General purpose bit 11: names are UTF-8.
    expect(bytes.readUInt16LE(6) & 0x800).toBe(0x800);
    place.remove();
  });

  it('on a disk that is full fails, and closes what it reads', async () => {
    const place = temporaryFolder();
    const path = writeSample(place.path, 'a.wav', wav({ seconds: 1 }));
    const { open, opened } = files();
    const full = createWriteStream('/dev/full');
    const writing = writeZip(
      prepareSamples([hit({ sample_id: 1, path }), hit({ sample_id: 2, path })], open),
      full,
    );
    await expect(writing).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(opened()).toBe(0);
    place.remove();
  });

  it('whose reader leaves closes what it reads', async () => {
    const place = temporaryFolder();
    const path = writeSample(place.path, 'a.wav', wav({ seconds: 2 }));
    const { open, opened } = files();
    const stream = new PassThrough();
    const hits = Array.from({ length: 10 }, (_, at) => hit({ sample_id: 1 + at, path }));
    const writing = writeZip(prepareSamples(hits, open), stream);
    await once(stream, 'readable');
    stream.destroy();
    await expect(writing).rejects.toThrow();
    // Whatever made the zip may ask for more entries after that.
    for (let turns = 0; turns < 100; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(opened()).toBe(0);
    place.remove();
  });
});
