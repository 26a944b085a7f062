import { truncateSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOriginal, openPlayable } from '../../src/sound/playable.js';
import {
  aiff,
  bytesFrom,
  chunk,
  comm,
  encoded,
  fmt,
  form,
  found,
  mp3,
  mp4,
  playable,
  riff,
  sixteenBits,
  ssnd,
  type TemporaryFolder,
  temporaryFolder,
  wav,
} from './files.js';

let folder: TemporaryFolder;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

/** Four samples: 0x0201, 0x0403, 0x0605, 0x0807. */
const DATA = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]);
const HEARD = [0x02_01, 0x04_03, 0x06_05, 0x08_07];
const UNKNOWN = 0xffff_ffff;

const heard = async (bytes: Buffer): Promise<number[]> => {
  const sound = await playable(folder, 'damaged', bytes);
  const whole = await bytesFrom(sound);
  expect(whole.length).toBe(sound.size);
  expect(whole.readUInt32LE(40)).toBe(whole.length - 44);
  return sixteenBits(whole);
};

describe('a WAV is played as far as it goes', () => {
  it.each<[string, Buffer, number[]]>([
    ['that says it is longer than it is', riff([fmt(), chunk('data', DATA, { size: 1000 })]), HEARD],
    [
      'whose sound ends in the middle of a frame',
      riff([fmt(), chunk('data', DATA)]).subarray(0, -1),
      HEARD.slice(0, 3),
    ],
    ['of unknown length', riff([fmt(), chunk('data', DATA, { size: UNKNOWN })], { size: UNKNOWN }), HEARD],
    ['whose writer was ended', riff([fmt(), chunk('data', DATA, { size: 0 })], { size: 0 }), HEARD],
    ['with a size of 0 for the whole alone', riff([fmt(), chunk('data', DATA)], { size: 0 }), HEARD],
    [
      'of RF64',
      riff([chunk('ds64', ds64(8)), fmt(), chunk('data', DATA, { size: UNKNOWN })], {
        form: 'RF64',
        size: UNKNOWN,
      }),
      HEARD,
    ],
    [
      'of RF64 with a chunk after the sound',
      riff([chunk('ds64', ds64(4)), fmt(), chunk('data', DATA, { size: UNKNOWN })], { form: 'RF64' }),
      HEARD.slice(0, 2),
    ],
    [
      'of RIFX',
      riff([fmt({ order: 'be' }), chunk('data', DATA, { order: 'be' })], { form: 'RIFX' }),
      [0x0102, 0x0304, 0x0506, 0x0708],
    ],
    [
      'with its format after the sound',
      riff([chunk('data', Buffer.from([0, 1, 2, 0, 3, 4])), fmt({ bits: 24 })]),
      [0x0201, 0x0403],
    ],
    [
      'without the byte after an odd chunk',
      riff([chunk('LIST', Buffer.from('INFOabc')).subarray(0, -1), fmt({ bits: 24 }), chunk('data', DATA)]),
      [0x0302, 0x0605],
    ],
    [
      'with wrong sizes of frames',
      riff([fmt({ bits: 24, width: 0 }), chunk('data', DATA)]),
      [0x0302, 0x0605],
    ],
  ])('%s', async (_, bytes, expected) => {
    expect(await heard(bytes)).toEqual(expected);
  });

  it('with LIST, bext and id3 chunks of odd sizes before the sound', async () => {
    const before = ['LIST', 'bext', 'id3 ', 'JUNK'].map((id) => chunk(id, Buffer.alloc(333, 'x')));
    const bytes = riff([...before, fmt({ bits: 24 }), chunk('data', DATA.subarray(0, 6))]);
    expect(await heard(bytes)).toEqual([0x0302, 0x0605]);
    const plain = riff([...before, fmt(), chunk('data', DATA), chunk('LIST', Buffer.from('INFO'))]);
    expect((await bytesFrom(await playable(folder, 'plain.wav', plain))).equals(plain)).toBe(true);
  });

  it('of four gigabytes and more, of which a part is read', async () => {
    const start = riff(
      [chunk('ds64', ds64(6_000_000_000)), fmt({ bits: 24 }), chunk('data', DATA, { size: UNKNOWN })],
      { form: 'RF64' },
    );
    truncateSync(folder.put('long.wav', start), 6_000_000_000);
    const sound = await openPlayable(await found(folder, 'long.wav'));
    if (sound.kind !== 'sound') throw new Error(sound.sentence);
    expect(sound.size).toBe(44 + 2 * Math.floor((6_000_000_000 - start.length + 8) / 3));
    expect((await bytesFrom(sound, 44, 50)).toString('hex')).toBe('020305060800');
    expect(await bytesFrom(sound, sound.size - 3)).toEqual(Buffer.alloc(3));
  });

  it('of more than a WAV can hold, of which the end is left out', async () => {
    const start = riff(
      [
        chunk('ds64', ds64(20_000_000_000)),
        fmt({ bits: 16, channels: 2 }),
        chunk('data', DATA, { size: UNKNOWN }),
      ],
      { form: 'RF64' },
    );
    truncateSync(folder.put('longer.wav', start), 20_000_000_000);
    const sound = await openPlayable(await found(folder, 'longer.wav'));
    if (sound.kind !== 'sound') throw new Error(sound.sentence);
    expect(sound.size).toBeLessThanOrEqual(0xffff_ffff);
    expect(sound.size).toBeGreaterThan(0xffff_fff0);
    expect((await bytesFrom(sound, 0, 44)).readUInt32LE(4)).toBe(sound.size - 8);
  });
});

describe('an AIFF is played as far as it goes', () => {
  const bits = 16;
  it.each<[string, Buffer, number[]]>([
    [
      'that says it is longer than it is',
      form('AIFF', [comm({ frames: 1000, bits }), ssnd(DATA, { size: 2008 })]),
      [0x0102, 0x0304, 0x0506, 0x0708],
    ],
    ['that says it is shorter than it is', aiff(DATA, { frames: 2, bits }), [0x0102, 0x0304]],
    [
      'whose writer was ended',
      form('AIFF', [comm({ frames: 0, bits }), ssnd(DATA, { size: 0 })]),
      [0x0102, 0x0304, 0x0506, 0x0708],
    ],
    [
      'whose sound comes before its description',
      form('AIFF', [ssnd(DATA), comm({ frames: 4, bits })]),
      [0x0102, 0x0304, 0x0506, 0x0708],
    ],
    [
      'with an offset to its sound',
      form('AIFF', [comm({ frames: 2, bits }), ssnd(DATA, { offset: 10 })]),
      [0x0102, 0x0304],
    ],
    [
      'with chunks of odd sizes',
      form('AIFF', [
        chunk('NAME', Buffer.from('odd'), { order: 'be' }),
        comm({ frames: 1, bits }),
        ssnd(DATA),
      ]),
      [0x0102],
    ],
  ])('%s', async (_, bytes, expected) => expect(await heard(bytes)).toEqual(expected));
});

describe('what is refused, and why', () => {
  it.each<[string, Buffer | string, 'no-audio' | 'unplayable', RegExp]>([
    ['nothing', '', 'no-audio', /is empty/],
    ['a text', 'kick.wav, 120 bpm\n'.repeat(500), 'no-audio', /no sound in a known format/],
    ['a secret', 'OPENROUTER_API_KEY=sk-or-v1-0000', 'no-audio', /no sound in a known format/],
    [
      'a text in UTF-16',
      Buffer.from(`\u{feff}${'a text '.repeat(2000)}`, 'utf16le'),
      'no-audio',
      /no sound in a known format/,
    ],
    ['bytes that are all set', Buffer.alloc(10_000, 0xff), 'no-audio', /no sound in a known format/],
    ['bytes that are all zero', Buffer.alloc(10_000), 'no-audio', /no sound in a known format/],
    ['one byte', 'R', 'no-audio', /no sound in a known format/],
    ['a WAV of twelve bytes', riff([]), 'no-audio', /no fmt chunk/],
    ['a WAV without sound', riff([fmt()]), 'no-audio', /no sound in a known format/],
    ['a WAV with an empty sound', wav(Buffer.alloc(0)), 'no-audio', /a header with no sound/],
    [
      'a WAV with less than a frame',
      wav(Buffer.alloc(2), { bits: 24 }),
      'no-audio',
      /a header with no sound/,
    ],
    [
      'a WAV with a format that is cut off',
      riff([chunk('fmt ', Buffer.alloc(10)), chunk('data', DATA)]),
      'no-audio',
      /no fmt chunk/,
    ],
    ['a WAV of no channels', wav(DATA, { channels: 0 }), 'no-audio', /nothing true/],
    ['a WAV of no rate', wav(DATA, { rate: 0 }), 'no-audio', /nothing true/],
    [
      'a WAV of 33 channels',
      wav(Buffer.alloc(660), { channels: 33 }),
      'unplayable',
      /33 channels.*mix it down/,
    ],
    ['a WAV of ADPCM', wav(DATA, { tag: 2, bits: 4, width: 1 }), 'unplayable', /ADPCM.*convert it to PCM/],
    ['a WAV of no known form', wav(DATA, { tag: 4711 }), 'unplayable', /convert/],
    ['another RIFF', Buffer.from('RIFF\x04\x00\x00\x00AVI '), 'no-audio', /no sound in a known format/],
    ['an AIFF without a description', form('AIFF', [ssnd(DATA)]), 'no-audio', /no COMM chunk/],
    ['an AIFF without sound', form('AIFF', [comm({ frames: 4, bits: 16 })]), 'no-audio', /no sound/],
    [
      'an AIFF of no frames',
      form('AIFF', [comm({ frames: 0, bits: 16 }), ssnd(Buffer.alloc(0))]),
      'no-audio',
      /a header with no sound/,
    ],
    [
      'an AIFC of an old codec',
      aiff(DATA, { frames: 4, bits: 16, compression: 'MAC3' }),
      'unplayable',
      /"MAC3".*convert it to WAV/,
    ],
    ['Apple Lossless', mp4('alac'), 'unplayable', /Apple Lossless.*convert/],
    ['an MP4 of another codec', mp4('ac-3'), 'unplayable', /MP4 of the form "ac-3"/],
    ['an MP4 of a codec without a name', mp4('\x1b[2J'), 'unplayable', /MP4 of an unknown form, which/],
    ['a film without sound', mp4('avc1'), 'no-audio', /no sound in a known format/],
    [
      'one frame that is no MP3',
      Buffer.concat([mp3(1), Buffer.alloc(50_000, 1)]),
      'no-audio',
      /no sound in a known format/,
    ],
    ['Windows Media', encoded('wma'), 'unplayable', /Windows Media/],
    ['WavPack', encoded('wv'), 'unplayable', /WavPack/],
  ])('%s', async (_, bytes, kind, sentence) => {
    folder.put('refused.wav', bytes);
    const file = await found(folder, 'refused.wav');
    expect(await openPlayable(file)).toMatchObject({ kind, sentence: expect.stringMatching(sentence) });
    // What is no sound is not given away as a file either.
    expect((await openOriginal(file)).kind).toBe(kind === 'unplayable' ? 'sound' : kind);
  });
});

/** The sizes of an RF64: of the whole, of the sound, and how many samples. */
function ds64(data: number): Buffer {
  const content = Buffer.alloc(28);
  content.writeBigUInt64LE(BigInt(data), 8);
  return content;
}
