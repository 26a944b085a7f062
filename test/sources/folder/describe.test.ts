import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentForm } from '../../../src/collections/document-form.js';
import { parseTemplate } from '../../../src/collections/template.js';
import { readKey } from '../../../src/musical-key.js';
import type { AudioFacts } from '../../../src/sources/folder/audio/facts.js';
import { describeFile } from '../../../src/sources/folder/describe/row.js';
import { createFreeIds, sampleIdOf } from '../../../src/sources/folder/index-file/sample-id.js';
import { type NameFacts, readFolderNames } from '../../../src/sources/folder/names/index.js';
import { Library } from './library.js';
import { acid, chunk, id3, info, wav } from './sounds.js';

const place = {
  path: '/m/a.wav',
  root: '/m',
  folder: '',
  file: 'a.wav',
  size: 1,
  mtime: '1700000000123456789',
};
const silent: AudioFacts = {
  ...{ format: 'WAV', duration: null, channels: 1, sampleRate: 44_100, words: [], comments: [] },
};
const unnamed: NameFacts = {
  ...{ title: 'A', bpm: null, musicalKey: null, pack: null, kind: null, instruments: [], from: {} },
};
function row(audio: Partial<AudioFacts>, name: Partial<NameFacts> = {}) {
  const described = describeFile(place, { ...silent, ...audio }, { ...unnamed, ...name });
  return { ...described, origins: JSON.parse(String(described.origins)) as Record<string, string> };
}

const said = <Value>(value: Value, from = 'ID3 tag') => ({ value, from });
const acidOf = (tempo: number, { oneShot = false, beats = 16 as number | null } = {}) => ({
  ...{ from: 'acid chunk', oneShot, tempo, beats },
});
const named = (bpm: number) => ({ bpm, from: { bpm: `file name "${bpm}"` } });
const inFolder = (bpm: number) => ({ bpm, from: { bpm: `folder "${bpm} BPM"` } });
/** Seconds of four bars. */
const bars = (tempo: number) => (16 * 60) / tempo;

describe('the tempo of a sample', () => {
  it.each<[string, Partial<AudioFacts>, Partial<NameFacts>, number | null, string | undefined]>([
    ['nobody says one', {}, {}, null, undefined],
    ['the name', {}, named(128), 128, 'file name "128"'],
    ['a folder', {}, inFolder(128), 128, 'folder "128 BPM"'],
    ['a tag', { bpm: said(127.996) }, {}, 128, 'ID3 tag'],
    ['a tag that is no tempo', { bpm: said(9999) }, {}, null, undefined],
    ['a chunk', { loop: acidOf(174) }, {}, 174, 'acid chunk'],
    ['a chunk before a tag', { loop: acidOf(174), bpm: said(90) }, {}, 174, 'acid chunk'],
    ['a chunk of a one-shot', { loop: acidOf(174, { oneShot: true }) }, {}, null, undefined],
    ['the default of a chunk', { loop: acidOf(120), duration: 3.3 }, {}, null, undefined],
    [
      'the default of a chunk, proved by whole bars',
      { loop: acidOf(120), duration: 8 },
      {},
      120,
      'acid chunk',
    ],
    ['both, equal but for the last digits', { bpm: said(127.5) }, named(128), 127.5, 'ID3 tag'],
    ['a tag against the name', { bpm: said(100) }, named(128), 128, 'file name "128"; ID3 tag says 100'],
    ['a tag against a folder', { bpm: said(100) }, inFolder(128), 100, 'ID3 tag; folder "128 BPM" says 128'],
    ['a tag of half the name', { bpm: said(70) }, inFolder(140), 140, 'folder "140 BPM"; ID3 tag says 70'],
    [
      'a tag against the name, and whole bars prove the tag',
      { bpm: said(100), duration: bars(100) },
      named(128),
      100,
      'ID3 tag; file name "128" says 128',
    ],
    [
      'a tag against a folder, and whole bars prove the folder',
      { bpm: said(100), duration: bars(128) },
      inFolder(128),
      128,
      'folder "128 BPM"; ID3 tag says 100',
    ],
  ])('where the sources are: %s', (_, audio, name, bpm, origin) => {
    expect(row(audio, name)).toMatchObject({ bpm });
    expect(row(audio, name).origins.bpm).toBe(origin);
  });
});

describe('the key of a sample', () => {
  it.each([
    ['Am', 'Am'],
    ['A minor', 'Am'],
    ['a min', 'Am'],
    ['F#m', 'F#m'],
    ['f sharp minor', 'F#m'],
    ['B♭', 'Bb'],
    ['Bb maj', 'Bb'],
    ['Db major', 'Db'],
    ['CM', 'C'],
    ['8A', 'Am'],
    ['8B', 'C'],
    ['04A', 'Fm'],
    ['12B', 'E'],
    ['1m', 'Am'],
    ['1d', 'C'],
    ['10d', 'Eb'],
    ['o', null],
    ['All', null],
    ['', null],
    ['H', null],
    ['13A', null],
  ])('is read of a tag: %s', (text, key) => expect(readKey(text)).toBe(key));

  it("is the name's where a tag contradicts it, and the tag's where a folder does", () => {
    const key = said('C', 'ID3 tag TKEY');
    const own = { musicalKey: 'Am', from: { musicalKey: 'file name "Am"' } };
    expect(row({ key }, own)).toMatchObject({
      musical_key: 'Am',
      origins: { musical_key: 'file name "Am"; ID3 tag TKEY says C' },
    });
    const folder = { musicalKey: 'Am', from: { musicalKey: 'folder "Am"' } };
    expect(row({ key }, folder)).toMatchObject({
      musical_key: 'C',
      origins: { musical_key: 'ID3 tag TKEY; folder "Am" says Am' },
    });
    const same = { musicalKey: 'C#', from: { musicalKey: 'file name "C#"' } };
    expect(row({ key: said('Db') }, same)).toMatchObject({
      musical_key: 'Db',
      origins: { musical_key: 'ID3 tag' },
    });
    expect(row({ key: said('off') }, own)).toMatchObject({ musical_key: 'Am' });
  });
});

describe('a row', () => {
  it('has the title of a track, where an artist is named', () => {
    const title = said('Song');
    expect(row({ title, artist: said('Band') })).toMatchObject({ title: 'Song', artist: 'Band' });
    expect(row({ title: said('Untitled 2'), artist: said('Band') })).toMatchObject({
      ...{ title: 'A', tags: null, origins: { title: 'file name; ID3 tag says Untitled 2' } },
    });
    expect(row({}, { title: '' })).toMatchObject({ title: 'a.wav' });
  });

  it.each([
    ['SFX_0123.wav', 'Heavy wooden door slam', 'tag'],
    ['Door 03.wav', 'Heavy wooden doors slam', 'tag'],
    ['Gate_Iron.wav', 'Creaking iron gate', 'tag'],
    ['REC0004.wav', 'Été à la gare', 'tag'],
    ['Kick Hard 03.wav', 'Night Drive', 'besides'],
    ['SD 03.wav', 'Night Drive', 'besides'],
    ['Door Wood Close.wav', 'Heavy wooden door slam', 'besides'],
    ['DeepKick_128.wav', 'Deep Kick 1', 'name'],
    ['Café.wav', 'CAFE', 'name'],
    ['Kick.wav', 'New Project 2', 'told'],
  ])('uses a title tag without an artist for what it says more: %s, %s', (file, tag, used) => {
    const { factsOf } = readFolderNames('', [file]);
    const { title } = factsOf(file);
    const described = describeFile({ ...place, file }, { ...silent, title: said(tag) }, factsOf(file));
    expect({
      title: described.title,
      tags: described.tags,
      from: JSON.parse(`${described.origins}`).title,
    }).toEqual({
      title: used === 'tag' ? tag : title,
      tags: used === 'besides' ? JSON.stringify([tag]) : null,
      from: { tag: 'ID3 tag', told: `file name; ID3 tag says ${tag}` }[used] ?? 'file name',
    });
  });

  it('names a tag for tempo or key that was not understood: left out, or against what is known', () => {
    const unread = { bpm: said('abc', 'ID3 tag TBPM'), key: said('H', 'ID3 tag TKEY') };
    expect(row({ unread })).toMatchObject({
      ...{ bpm: null, musical_key: null },
      origins: {
        leftOut: [
          { field: 'bpm', from: 'ID3 tag TBPM', value: 'abc' },
          { field: 'musical_key', from: 'ID3 tag TKEY', value: 'H' },
        ],
      },
    });
    const known = row({ unread }, { ...named(128), musicalKey: 'Am' });
    expect(known).toMatchObject({ bpm: 128, musical_key: 'Am' });
    expect(known.origins).toEqual({
      title: 'file name',
      bpm: 'file name "128"; ID3 tag TBPM says abc',
      musical_key: 'file name; ID3 tag TKEY says H',
    });
  });

  it('has the words of mood, keywords and comments, each once, without noise', () => {
    const words = [said('dark; Warm ,dark', 'ID3 tag TMOO'), said('', 'ID3 tag TKWD')];
    const comments = [
      ...[said('played live, at night', 'ID3 tag COMM'), said('https://example.com/x')],
      ...[said(' 00000A1B 00000C2D 00000A1B'), said('WARM')],
    ];
    expect(row({ words, comments })).toMatchObject({
      tags: '["dark","Warm","played live, at night"]',
      origins: { tags: 'ID3 tag TMOO, ID3 tag COMM' },
    });
    expect(row({})).toMatchObject({ tags: null, instruments: null });
  });

  it('is a loop or a one-shot as its name says, else as its chunk does', () => {
    const shot = acidOf(120, { oneShot: true });
    expect(row({ loop: shot })).toMatchObject({ kind: 'one-shot', origins: { kind: 'acid chunk' } });
    const name = { kind: 'loop' as const, from: { kind: 'folder "Loops"' } };
    expect(row({ loop: shot }, name)).toMatchObject({ kind: 'loop', origins: { kind: 'folder "Loops"' } });
    expect(row({ loop: acidOf(128), duration: bars(128) })).toMatchObject({ kind: 'loop' });
    expect(row({ loop: acidOf(128), duration: 1 })).toMatchObject({ kind: null });
  });

  it('has no genre where the tag says none, and a root note without its octave', () => {
    expect(row({ genre: said('Other') })).toMatchObject({ genre: null });
    expect(row({ genre: said('House') })).toMatchObject({ genre: 'House' });
    expect(row({ rootNote: said(66) })).toMatchObject({ root_note: 'F#' });
    expect(row({})).toMatchObject({ mtime: '2023-11-14T22:13:20.123Z' });
  });
});

describe('a scan', () => {
  let library: Library;
  beforeEach(() => {
    library = new Library();
  });
  afterEach(() => library.remove());

  it('says what it understood, and where from', async () => {
    const tags = chunk('id3 ', id3({ TBPM: '92', TKEY: '8A' }));
    library.add('Pack/Loops/Dark Pad 140 BPM.wav', wav({ after: [info({ IGNR: 'Ambient' }), tags] }));
    library.add('Pack/Loops/Wide Pad.wav', wav({ frames: 60_000, after: [acid({ tempo: 128, beats: 16 })] }));
    expect((await library.scan()).understood).toMatchObject({
      bpm: { 'acid chunk': 1, 'file name': 1 },
      musical_key: { 'ID3 tag TKEY': 1 },
      genre: { 'RIFF INFO tag IGNR': 1 },
      instruments: { 'file name': 2 },
      title: { 'file name': 2 },
    });
    expect(library.rows()).toMatchObject([
      { bpm: 140, musical_key: 'Am', genre: 'Ambient', kind: 'loop', instruments: '["pad"]' },
      { bpm: 128, musical_key: null, genre: null, kind: 'loop', duration: 7.5 },
    ]);
  });
});

describe('tags that are not understood', () => {
  let library: Library;
  beforeEach(() => {
    library = new Library();
  });
  afterEach(() => library.remove());

  it('are counted by the scan, and noted where the text is made', async () => {
    const tagged = (tags: Record<string, string>) => wav({ after: [chunk('id3 ', id3(tags))] });
    const one = library.add('Pad.wav', tagged({ TBPM: '120-125', TKEY: 'Am/C' }));
    library.add('Pad 2.wav', tagged({ TBPM: '120 BPM', TKEY: 'o' }));
    const { unreadTags, understood } = await library.scan();
    expect(unreadTags).toEqual({
      'bpm: ID3 tag TBPM is no tempo': { count: 1, examples: [one] },
      'musical_key: ID3 tag TKEY is no key': { count: 1, examples: [one] },
    });
    expect(understood).toMatchObject({ bpm: { 'ID3 tag TBPM': 1 }, title: { 'file name': 2 } });
    expect(Object.keys(understood)).not.toContain('leftOut');
    const notes = (template: string) =>
      library
        .rows()
        .map(
          (each) =>
            documentForm({ text: parseTemplate(template), model: { document: {} } }).render(each).notes,
        );
    expect(notes('{title}, {bpm | round}')).toEqual([[], ['bpm: ID3 tag TBPM is no tempo']]);
    expect(notes('{title}')).toEqual([[], []]);
  });
});

describe('the id of a sample', () => {
  const hash = 'a'.repeat(32);

  it('follows from what it holds, and from nothing else', () => {
    expect(sampleIdOf(hash, 0)).toBe(sampleIdOf(hash, 0));
    expect(sampleIdOf(hash, 0)).not.toBe(sampleIdOf('b'.repeat(32), 0));
    for (let copy = 0; copy < 1000; copy++) {
      const id = sampleIdOf(hash, copy);
      expect(Number.isInteger(id) && id >= 1 && id < 2 ** 40).toBe(true);
    }
  });

  it('is the next free one of its content where others have it: copies, or another content', () => {
    const used = new Set<number>();
    let asked = 0;
    const freeId = createFreeIds({
      taken(id) {
        asked++;
        return used.has(id);
      },
      copies: () => used.size,
    });
    for (let copy = 0; copy < 2000; copy++) {
      const id = freeId(hash);
      expect(used.has(id)).toBe(false);
      used.add(id);
    }
    expect(asked).toBeLessThan(3000);
    expect([...used].slice(0, 3)).toEqual([0, 1, 2].map((copy) => sampleIdOf(hash, copy)));
    expect(freeId('b'.repeat(32))).toBe(sampleIdOf('b'.repeat(32), 0));
  });
});
