import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAudio } from '../../../src/sources/folder/audio/read-audio.js';
import { acid, aiff, basc, chunk, fmt, id3, info, riff, smpl, sound, wav } from './sounds.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sample-embeddings-audio-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function read(content: Buffer, name = 'a.wav') {
  const path = join(directory, name);
  writeFileSync(path, content);
  return readAudio(path, name);
}
const facts = async (content: Buffer, name?: string) => (await read(content, name)).facts;

/** What ffmpeg wrote for the same tags into each format. */
const encoded = (ending: string) =>
  readAudio(fileURLToPath(new URL(`encoded/pad.${ending}`, import.meta.url)), `pad.${ending}`);

describe('files as ffmpeg writes them', () => {
  const tagged = (kind: string, names: string[]) => {
    const [title, artist, album, genre, bpm, key, mood, comment] = names;
    const say = (value: unknown, name = '') => ({ value, from: `${kind} ${name}` });
    return {
      title: say('Warm Pad', title),
      artist: say('Someone', artist),
      album: say('Pack', album),
      genre: say('Ambient', genre),
      bpm: say(92, bpm),
      words: [say('calm', mood)],
      comments: [say('slow', comment)],
      key: { value: expect.stringMatching(/^(Am|8A)$/), from: `${kind} ${key}` },
    };
  };
  const vorbis = tagged('Vorbis comment', [
    ...['TITLE', 'ARTIST', 'ALBUM', 'GENRE', 'BPM', 'INITIALKEY', 'MOOD', 'DESCRIPTION'],
  ]);
  const lower = ['title', 'artist', 'album', 'genre', 'BPM', 'INITIALKEY', 'mood', 'comment'];
  const rate = 16_000;

  it.each([
    ['flac', { format: 'FLAC', duration: 0.25, channels: 1, sampleRate: rate, ...vorbis }],
    ['ogg', { format: 'Ogg', duration: 0.25, channels: 1, sampleRate: rate, ...vorbis }],
    ['opus', { format: 'Opus', duration: 0.25, channels: 1, sampleRate: 48_000, ...vorbis }],
    ['wv', { format: 'WV', duration: 0.25, channels: 1, sampleRate: rate, ...tagged('APE tag', lower) }],
    ['caf', { format: 'CAF', duration: 0.252, channels: 1, sampleRate: rate, ...tagged('CAF info', lower) }],
    [
      'mp3',
      {
        ...{ format: 'MP3', duration: 0.324, channels: 1, sampleRate: rate },
        ...tagged('ID3 tag', ['TIT2', 'TPE1', 'TALB', 'TCON', 'TBPM', 'TKEY', 'mood', 'comment']),
      },
    ],
    [
      'm4a',
      {
        ...{ format: 'M4A', duration: 0.314, channels: 1, sampleRate: rate },
        ...tagged('MP4 tag', ['©nam', '©ART', '©alb', '©gen', 'tmpo', 'initialkey', 'MOOD', '©cmt']),
      },
    ],
    [
      'mka',
      {
        ...{ format: 'Matroska', duration: 0.266, channels: 1, sampleRate: rate },
        ...tagged('Matroska tag', ['title', ...lower.slice(1).map((name) => name.toUpperCase())]),
      },
    ],
    [
      'wma',
      {
        ...{ format: 'WMA', duration: 0.278, channels: null, sampleRate: null },
        ...tagged('WMA tag', [
          ...['Title', 'Author', 'WM/AlbumTitle', 'WM/Genre', 'BPM', 'INITIALKEY', 'mood', 'Description'],
        ]),
      },
    ],
    ['aac', { format: 'AAC', duration: 0.32, channels: 1, sampleRate: rate, words: [], comments: [] }],
    ['w64', { format: 'W64', duration: 0.25, channels: 1, sampleRate: rate, words: [], comments: [] }],
    [
      'aif',
      {
        ...{ format: 'AIFF', duration: 0.25, channels: 1, sampleRate: rate, words: [] },
        title: { value: 'Warm Pad', from: 'AIFF chunk NAME' },
        comments: [{ value: 'slow', from: 'AIFF chunk ANNO' }],
      },
    ],
  ])('.%s', async (ending, expected) => {
    expect(await encoded(ending)).toMatchObject({ problem: null, facts: expected });
    const openEnd = ['aif', 'caf', 'w64'].includes(ending) ? {} : { openEnd: true };
    expect((await encoded(ending)).facts).toEqual({ ...expected, ...openEnd });
  });

  it('are told by what they hold, whatever their name says', async () => {
    for (const ending of ['flac', 'mp3', 'ogg', 'caf', 'aif']) {
      const content = readFileSync(new URL(`encoded/pad.${ending}`, import.meta.url));
      expect(await facts(content, 'misnamed.wav')).toEqual((await encoded(ending)).facts);
    }
  });
});

describe('a WAV', () => {
  it('tells ID3 tags of 2.2 and 2.3 with unsynchronisation', async () => {
    const wide = (text: string) =>
      Buffer.concat([Buffer.from([1, 0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    const frame = (id: string, value: Buffer): Buffer => {
      const head = Buffer.alloc(id.length === 3 ? 6 : 10);
      head.write(id, 'latin1');
      if (id.length === 3) head.writeUIntBE(value.length, 3, 3);
      else head.writeUInt32BE(value.length, 4);
      return Buffer.concat([head, value]);
    };
    const tag = (version: number, ...frames: Buffer[]): Buffer => {
      const written = Buffer.concat(frames).toString('latin1');
      const body = Buffer.from(written.replace(/\xff(?=[\0\xe0-\xff]|$)/g, '\xff\0'), 'latin1');
      const size = [21, 14, 7, 0].map((shift) => (body.length >> shift) & 127);
      return Buffer.concat([Buffer.from('ID3'), Buffer.from([version, 0, 0x80, ...size]), body]);
    };
    const mp3 = readFileSync(fileURLToPath(new URL('encoded/pad.mp3', import.meta.url)));
    const frames = mp3.subarray(10 + mp3.subarray(6, 10).reduce((sum, byte) => sum * 128 + byte, 0));
    const third = tag(
      3,
      ...[frame('TIT2', wide('L\u00ff\u0100\uff00')), frame('TPE1', wide('Someone'))],
      frame('TBPM', Buffer.from('\x0088')),
    );
    const said = {
      title: { value: 'L\u00ff\u0100\uff00' },
      artist: { value: 'Someone' },
      bpm: { value: 88 },
    };
    expect(await facts(Buffer.concat([third, frames]), 'a.mp3')).toMatchObject({ ...said, duration: 0.324 });
    expect(await facts(wav({ after: [chunk('id3 ', third)] }))).toMatchObject(said);
    const second = tag(2, frame('TT2', wide('Two')), frame('TBP', Buffer.from('\x0099')));
    expect(await facts(Buffer.concat([second, frames]), 'a.mp3')).toMatchObject({
      title: { value: 'Two' },
      bpm: { value: 99 },
    });
  });

  it('tells its tags: RIFF INFO, and ID3 where it has that too', async () => {
    const tags = info({
      INAM: 'Title',
      IART: 'Artist',
      IPRD: 'Album',
      IGNR: 'Genre',
      ICMT: 'A comment',
      IKEY: 'a; b',
    });
    const more = chunk('id3 ', id3({ TBPM: '174', TKEY: 'F#m', TIT2: 'Another', TCON: '(17)' }));
    expect(await facts(wav({ frames: 8000, after: [tags, more] }))).toEqual({
      ...{ format: 'WAV', duration: 1, channels: 1, sampleRate: 8000 },
      title: { value: 'Title', from: 'RIFF INFO tag INAM' },
      artist: { value: 'Artist', from: 'RIFF INFO tag IART' },
      album: { value: 'Album', from: 'RIFF INFO tag IPRD' },
      genre: { value: 'Genre', from: 'RIFF INFO tag IGNR' },
      comments: [{ value: 'A comment', from: 'RIFF INFO tag ICMT' }],
      words: [{ value: 'a; b', from: 'RIFF INFO tag IKEY' }],
      bpm: { value: 174, from: 'ID3 tag TBPM' },
      key: { value: 'F#m', from: 'ID3 tag TKEY' },
    });
    expect(await facts(wav({ after: [chunk('ID3 ', id3({ TCON: '(17)' }))] }))).toMatchObject({
      genre: { value: 'Rock', from: 'ID3 tag TCON' },
    });
  });

  it('tells its tags in UTF-8 or in Windows-1252, on one line', async () => {
    const tags = info({
      IART: 'Bj\u{f6}rk',
      INAM: Buffer.from('Bj\xf6rk \x93live\x94', 'latin1'),
      IGNR: ' a\nb\t ',
    });
    expect(await facts(wav({ after: [tags] }))).toMatchObject({
      artist: { value: 'Björk' },
      title: { value: 'Björk “live”' },
      genre: { value: 'a b' },
    });
  });

  it('tells of ACID and of samplers', async () => {
    const loop = acid({ note: 66, beats: 16, tempo: 127.999_99 });
    expect(await facts(wav({ after: [loop, smpl(40)] }))).toMatchObject({
      loop: { from: 'acid chunk', oneShot: false, tempo: 128, beats: 16 },
      rootNote: { value: 66, from: 'acid chunk' },
    });
    expect(await facts(wav({ after: [acid({ oneShot: true, tempo: 120 })] }))).toMatchObject({
      loop: { oneShot: true, tempo: 120, beats: null },
    });
    expect(await facts(wav({ after: [smpl(45)] }))).toMatchObject({
      rootNote: { value: 45, from: 'smpl chunk' },
    });
    // What writers put there unasked, and what cannot be.
    expect(await facts(wav({ after: [smpl(60)] }))).not.toHaveProperty('rootNote');
    expect(await facts(wav({ after: [smpl(4000)] }))).not.toHaveProperty('rootNote');
    const odd = acid({ tempo: Number.NaN, beats: 0xffff_ffff });
    expect(await facts(wav({ after: [odd] }))).toMatchObject({ loop: { tempo: null, beats: null } });
  });

  it('is understood as RIFX, RF64, with compressed sound, and where chunks are not filled up', async () => {
    const size64 = Buffer.alloc(28);
    size64.writeBigUInt64LE(1600n, 8);
    const long = riff(
      ...[
        chunk('ds64', size64),
        fmt(),
        chunk('data', sound(1, 800), { size: 0xffff_ffff }),
        info({ IGNR: 'Dub' }),
      ],
    );
    long.write('RF64', 'latin1');
    expect(await facts(long)).toMatchObject({ duration: 0.1, genre: { value: 'Dub' } });

    const frames = Buffer.alloc(4);
    frames.writeUInt32LE(4000);
    const compressed = riff(fmt({ tag: 0x55 }), chunk('fact', frames), chunk('data', sound(1, 300)));
    expect(await facts(compressed)).toMatchObject({ duration: 0.5 });

    const odd = Buffer.concat([
      riff(fmt(), chunk('bext', Buffer.from('odd'))).subarray(0, -1),
      chunk('data', sound(1, 80)),
    ]);
    expect(await facts(odd)).toMatchObject({
      duration: 0.01,
      comments: [{ value: 'odd', from: 'bext chunk' }],
    });
  });

  it('whose writer never came back to write the size lasts to its end', async () => {
    for (const size of [0, 0xffff_ffff]) {
      expect(await read(riff(fmt(), chunk('data', sound(1, 800), { size })))).toMatchObject({
        problem: null,
        facts: { duration: 0.1 },
      });
    }
  });

  it('of 4 GB is read in places', async () => {
    const path = join(directory, 'long.wav');
    writeFileSync(path, riff(fmt(), chunk('data', sound(1, 80), { size: 0xffff_fff0 })));
    truncateSync(path, 0xffff_fff0 + 44);
    const before = process.memoryUsage().arrayBuffers;
    const { facts, hash } = await readAudio(path, 'long.wav');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    expect(facts).toMatchObject({ duration: 0xffff_fff0 / 16_000 });
    truncateSync(path, 0xffff_fff0 + 45);
    expect((await readAudio(path, 'long.wav')).hash).not.toBe(hash);
  });

  it('with sizes that are wrong is read as far as it goes', async () => {
    const huge = chunk('LIST', Buffer.from('INFO'), { size: 0x7fff_ffff });
    expect(await facts(riff(fmt(), chunk('data', sound(1, 80)), huge))).toMatchObject({ duration: 0.01 });
    expect(await read(riff(huge, fmt(), chunk('data', sound(1, 80))))).toMatchObject({
      facts: null,
      problem: 'says nothing of its sound (no fmt chunk)',
    });
    for (const [odd, problem] of [
      [fmt({ channels: 0 }), 'says that its sound has no channels (fmt chunk)'],
      [fmt({ rate: 0 }), 'says that its sound has a sample rate of 0 (fmt chunk)'],
    ] as const)
      expect(await read(riff(odd, chunk('data', sound(1, 80))))).toMatchObject({ facts: null, problem });
    const many = Array.from({ length: 5000 }, () => chunk('junk', Buffer.alloc(0)));
    expect(await facts(riff(fmt(), chunk('data', sound(1, 80)), ...many))).toMatchObject({ duration: 0.01 });
    const tag = info({ IGNR: 'x' });
    tag.writeUInt32LE(0xffff_fff0, 16);
    expect(await facts(wav({ after: [tag] }))).toMatchObject({ duration: 0.01 });
    expect(
      await facts(wav({ after: [chunk('id3 ', Buffer.from('ID3\x04\0\0\x7f\x7f\x7f\x7fTIT2'))] })),
    ).toMatchObject({ duration: 0.01 });
  });
});

describe('an AIFF', () => {
  it('tells of Apple Loops: tempo by its beats and its duration, key by its scale', async () => {
    const loop = basc({ beats: 8, note: 57, scale: 1 });
    expect(await facts(aiff({ frames: 32_000, before: [loop] }), 'a.aif')).toMatchObject({
      duration: 4,
      loop: { from: 'basc chunk', oneShot: false, beats: 8, tempo: 120 },
      key: { value: 'Am', from: 'basc chunk' },
      rootNote: { value: 57, from: 'basc chunk' },
    });
    expect(await facts(aiff({ before: [basc({ oneShot: true })] }), 'a.aif')).toMatchObject({
      loop: { oneShot: true, tempo: null },
    });
  });

  it('that is cut short lasts as long as it is', async () => {
    expect(await read(aiff({ frames: 800 }).subarray(0, -800), 'a.aif')).toMatchObject({
      problem: 'is shorter than its header says',
      facts: { duration: 0.05 },
    });
  });
});

describe('noise', () => {
  it('is no audio, under any name', async () => {
    const noise = sound(5, 20_000);
    for (const name of ['a.wav', 'a.mp3', 'a.flac', 'a.ogg', 'a.m4a', 'a.aac', 'a.aif', 'a.wma', 'a.caf'])
      expect(await read(noise, name)).toMatchObject({ facts: null, problem: 'is no audio that can be read' });
  });

  it("in the place of a file's end, or its end missing, never fails a scan", async () => {
    for (const ending of [
      'flac',
      'mp3',
      'ogg',
      'opus',
      'm4a',
      'wma',
      'caf',
      'w64',
      'aif',
      'wv',
      'aac',
      'mka',
    ]) {
      const content = readFileSync(new URL(`encoded/pad.${ending}`, import.meta.url));
      for (let at = 1; at < content.length; at += Math.ceil(content.length / 40)) {
        const cut = content.subarray(0, at);
        for (const damaged of [cut, Buffer.concat([cut, sound(at, (content.length - at) >> 1)])]) {
          const { facts, problem } = await read(damaged, `a.${ending}`);
          if (facts === null) expect(problem).toEqual(expect.any(String));
          else expect(facts.duration === null || facts.duration >= 0).toBe(true);
        }
      }
    }
  });
});
