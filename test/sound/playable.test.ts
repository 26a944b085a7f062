import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aiff,
  bytesFrom,
  type Comm,
  type Fmt,
  mp3,
  mp4,
  playable,
  samples,
  sixteenBits,
  type TemporaryFolder,
  temporaryFolder,
  wav,
} from './files.js';

let folder: TemporaryFolder;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

const heard = async (name: string, bytes: Buffer): Promise<number[]> =>
  sixteenBits(await bytesFrom(await playable(folder, name, bytes)));
const u8 = (...values: number[]) => Buffer.from(values);
const s16le = (...values: number[]) =>
  samples(values, 2, (bytes, value, at) => bytes.writeInt16LE(value, at));
const s16be = (...values: number[]) =>
  samples(values, 2, (bytes, value, at) => bytes.writeInt16BE(value, at));
const s24le = (...values: number[]) =>
  samples(values, 3, (bytes, value, at) => bytes.writeIntLE(value, at, 3));
const s24be = (...values: number[]) =>
  samples(values, 3, (bytes, value, at) => bytes.writeIntBE(value, at, 3));
const s32le = (...values: number[]) =>
  samples(values, 4, (bytes, value, at) => bytes.writeInt32LE(value, at));
const s32be = (...values: number[]) =>
  samples(values, 4, (bytes, value, at) => bytes.writeInt32BE(value, at));
const f32le = (...values: number[]) =>
  samples(values, 4, (bytes, value, at) => bytes.writeFloatLE(value, at));
const f32be = (...values: number[]) =>
  samples(values, 4, (bytes, value, at) => bytes.writeFloatBE(value, at));
const f64le = (...values: number[]) =>
  samples(values, 8, (bytes, value, at) => bytes.writeDoubleLE(value, at));
const f64be = (...values: number[]) =>
  samples(values, 8, (bytes, value, at) => bytes.writeDoubleBE(value, at));

const WIDE = [0, 0x12_34_56, -0x12_34_56, 0x7f_ff_ff, -0x80_00_00, 127, 128, -128, -129];
/** The upper sixteen bits, half and above rounded up, the highest kept. */
const WIDE_HEARD = [0, 0x1234, -0x1234, 0x7fff, -0x8000, 0, 1, 0, -1];
const FLOATS = [
  0,
  0.5,
  -0.5,
  1,
  -1,
  3.5,
  -3.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1 / 32_768,
  0.4 / 32_768,
];
const FLOATS_HEARD = [0, 16_384, -16_384, 32_767, -32_768, 32_767, -32_768, 0, 32_767, 1, 0];
const NUMBERS = [0, 1, -1, 256, -257, 32_767, -32_768];

describe('PCM becomes a 16-bit WAV', () => {
  it.each<[string, Buffer, Fmt, number[]]>([
    ['24 bits', s24le(...WIDE), { bits: 24 }, WIDE_HEARD],
    ['24 bits, extensible', s24le(...WIDE), { bits: 24, extensible: true }, WIDE_HEARD],
    ['20 bits in 3 bytes', s24le(0x12_34_50), { bits: 20, width: 3, extensible: true }, [0x1234]],
    ['32 bits', s32le(...WIDE.map((value) => value * 256)), { bits: 32 }, WIDE_HEARD],
    ['24 bits in 4 bytes', s32le(0x12_34_56_00), { bits: 24, width: 4 }, [0x1234]],
    ['32-bit floats', f32le(...FLOATS), { bits: 32, tag: 3 }, FLOATS_HEARD],
    ['32-bit floats, extensible', f32le(...FLOATS), { bits: 32, tag: 3, extensible: true }, FLOATS_HEARD],
    ['64-bit floats', f64le(...FLOATS), { bits: 64, tag: 3 }, FLOATS_HEARD],
    ['12 bits in 2 bytes', s16le(0x1230), { bits: 12 }, [0x1230]],
    ['A-law', u8(0xd5, 0x55, 0xaa, 0x2a, 0x80), { bits: 8, tag: 6 }, [8, -8, 32_256, -32_256, 5504]],
    ['µ-law', u8(0xff, 0x7f, 0x80, 0x00, 0xf0), { bits: 8, tag: 7 }, [0, 0, 32_124, -32_124, 120]],
  ])('a WAV of %s', async (_, data, format, expected) => {
    expect(await heard('a.wav', wav(data, format))).toEqual(expected);
  });

  it.each<[string, Buffer, Omit<Comm, 'frames'>, number[]]>([
    ['8 bits', u8(0, 1, 255, 127, 128), { bits: 8 }, [0, 256, -256, 32_512, -32_768]],
    ['16 bits', s16be(...NUMBERS), { bits: 16 }, NUMBERS],
    ['24 bits', s24be(...WIDE), { bits: 24 }, WIDE_HEARD],
    ['32 bits', s32be(...WIDE.map((value) => value * 256)), { bits: 32 }, WIDE_HEARD],
    ['NONE', s16be(...NUMBERS), { bits: 16, compression: 'NONE' }, NUMBERS],
    ['sowt', s16le(...NUMBERS), { bits: 16, compression: 'sowt' }, NUMBERS],
    ['sowt of 24 bits', s24le(...WIDE), { bits: 24, compression: 'sowt' }, WIDE_HEARD],
    ['in24', s24be(...WIDE), { bits: 24, compression: 'in24' }, WIDE_HEARD],
    ['in32', s32be(0x12_34_56_00), { bits: 32, compression: 'in32' }, [0x1234]],
    ['fl32', f32be(...FLOATS), { bits: 32, compression: 'fl32' }, FLOATS_HEARD],
    ['FL32', f32be(...FLOATS), { bits: 32, compression: 'FL32' }, FLOATS_HEARD],
    ['fl64', f64be(...FLOATS), { bits: 64, compression: 'fl64' }, FLOATS_HEARD],
    ['raw', u8(128, 0, 255), { bits: 8, compression: 'raw ' }, [0, -32_768, 32_512]],
    ['ulaw', u8(0x80), { bits: 16, compression: 'ulaw' }, [32_124]],
  ])('an AIFF of %s', async (_, data, common, expected) => {
    const sound = await playable(folder, 'a.aif', aiff(data, { ...common, frames: expected.length }));
    expect(sound).toMatchObject({ type: 'audio/wav', name: 'a.wav', size: 44 + 2 * expected.length });
    expect(sixteenBits(await bytesFrom(sound))).toEqual(expected);
  });

  it('keeps channels and sample rate', async () => {
    const data = s24be(0x01_00_00, 0x02_00_00, 0x03_00_00, 0x04_00_00, 0x05_00_00, 0x06_00_00);
    const bytes = await bytesFrom(
      await playable(folder, 'a.aif', aiff(data, { channels: 3, frames: 2, bits: 24, rate: 96_000 })),
    );
    expect(bytes.subarray(0, 44).toString('hex')).toBe(
      // RIFF, 48 bytes, WAVE, fmt of 16 bytes, PCM, 3 channels, 96,000 Hz, 576,000 bytes/s, 6 a frame, 16 bits, 12 bytes
      `52494646${'30000000'}57415645666d742010000000${'0100'}${'0300'}${'00770100'}${'00ca0800'}${'0600'}${'1000'}64617461${'0c000000'}`,
    );
    expect(sixteenBits(bytes)).toEqual([0x100, 0x200, 0x300, 0x400, 0x500, 0x600]);
  });
});

describe('a form that browsers play comes byte for byte', () => {
  it.each<[string, Buffer, string]>([
    ['16-bit.wav', wav(s16le(...NUMBERS)), 'audio/wav'],
    ['16-bit-extensible.wav', wav(s16le(1, 2), { channels: 2, extensible: true }), 'audio/wav'],
    ['8-bit.wav', wav(u8(1, 2, 3)), 'audio/wav'],
    ['frames.mp3', mp3(), 'audio/mpeg'],
    ['one-frame.mp3', mp3(1), 'audio/mpeg'],
    ['rubbish-first.mp3', Buffer.concat([Buffer.alloc(1000), mp3()]), 'audio/mpeg'],
    [
      'tagged.mp3',
      Buffer.concat([Buffer.from('ID3\x04\x00\x00\x00\x00\x01\x00', 'latin1'), Buffer.alloc(128), mp3()]),
      'audio/mpeg',
    ],
    // The tag's 200,000 bytes are more than what is read at first: a picture.
    [
      'picture.mp3',
      Buffer.concat([Buffer.from('49443304000000' + '0c1a40', 'hex'), Buffer.alloc(200_000), mp3()]),
      'audio/mpeg',
    ],
    ['a.m4a', mp4('mp4a'), 'audio/mp4'],
    ['film.mp4', mp4('avc1', 'mp4a'), 'audio/mp4'],
    ['no-ending', wav(s16le(1)), 'audio/wav'],
    ['named-otherwise.txt', mp3(), 'audio/mpeg'],
    [
      'aac.aac',
      Buffer.concat(
        Array.from({ length: 3 }, () =>
          Buffer.concat([Buffer.from('fff15080021ffc', 'hex'), Buffer.alloc(9)]),
        ),
      ),
      'audio/aac',
    ],
  ])('%s', async (name, bytes, type) => {
    const sound = await playable(folder, name, bytes);
    expect(sound).toMatchObject({ type, name, size: bytes.length });
    expect((await bytesFrom(sound)).equals(bytes)).toBe(true);
  });
});
