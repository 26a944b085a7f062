import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../../src/seeded-random.js';
import { answerFor } from '../../src/sound/byte-range.js';
import { openOriginal, openPlayable } from '../../src/sound/playable.js';
import {
  aiff,
  bytesFrom,
  chunk,
  fmt,
  found,
  mp3,
  mp4,
  playable,
  riff,
  type TemporaryFolder,
  temporaryFolder,
  wav,
} from './files.js';

let folder: TemporaryFolder;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

const noise = (length: number): Buffer => {
  const { integer } = seeded(length);
  return Buffer.from(Array.from({ length }, () => integer(0, 255)));
};

const FILES: readonly [string, Buffer][] = [
  ['16-bit.wav', wav(noise(400_001))],
  ['24-bit.wav', wav(noise(600_000), { bits: 24, channels: 2 })],
  ['32-bit.wav', wav(noise(500_003), { bits: 32 })],
  ['float.wav', wav(noise(500_000), { bits: 32, tag: 3, channels: 3 })],
  ['double.wav', wav(noise(500_000), { bits: 64, tag: 3, extensible: true })],
  ['cut-short.wav', riff([fmt(), chunk('data', noise(300_000), { size: 5_000_000 })])],
  [
    'big-endian.wav',
    riff([fmt({ order: 'be', bits: 24 }), chunk('data', noise(3000), { order: 'be' })], { form: 'RIFX' }),
  ],
  ['16-bit.aif', aiff(noise(300_000), { frames: 75_000, channels: 2, bits: 16 })],
  ['24-bit.aif', aiff(noise(300_000), { frames: 100_000, bits: 24 })],
  ['fl32.aifc', aiff(noise(300_000), { frames: 75_000, bits: 32, compression: 'fl32' })],
  ['sowt.aifc', aiff(noise(3000), { frames: 1500, bits: 16, compression: 'sowt' })],
  ['caf.caf', caf(noise(4000))],
  ['wave64.w64', w64(noise(4000))],
  ['frames.mp3', mp3(100)],
  ['film.m4a', mp4('avc1', 'mp4a')],
];

describe('1,000 ranges are slices of the whole', () => {
  it.each(FILES)('%s', async (name, bytes) => {
    const sound = await playable(folder, name, bytes);
    const whole = await bytesFrom(sound);
    expect(whole.length).toBe(sound.size);
    const { integer, pick } = seeded(7);
    for (let round = 0; round < 1000; round++) {
      // Around the header, around the blocks that are read at once, and anywhere.
      const place = (): number =>
        Math.max(
          0,
          pick([
            () => integer(0, 60),
            () => integer(131_000, 131_200),
            () => integer(0, sound.size),
            () => sound.size - integer(0, 20),
          ])(),
        );
      const from = Math.min(place(), sound.size - 1);
      const to = Math.max(from, Math.min(place(), from + integer(0, 140_000)));
      const range = pick([
        `bytes=${from}-${to}`,
        `bytes=${from}-${to}`,
        `bytes=-${to - from}`,
        `bytes=${sound.size - Math.min(sound.size, to - from + 1)}-`,
      ]);
      const answer = answerFor({ range, ifRange: null, ifNoneMatch: null }, sound);
      const part = await bytesFrom(sound, answer.from, answer.to);
      if (!part.equals(whole.subarray(answer.from, answer.to))) expect.fail(`${range} differs`);
    }
  });
});

describe('files with faults are played or refused', () => {
  it.each(FILES)('%s', async (name, bytes) => {
    const { integer, pick } = seeded(11);
    const start = bytes.subarray(0, 20_000);
    let played = 0;
    for (let round = 0; round < 150; round++) {
      const broken = Buffer.from(start.subarray(0, pick([start.length, start.length, integer(0, 200)])));
      for (let change = integer(0, 4); change > 0 && broken.length > 0; change--)
        broken[integer(0, Math.min(90, broken.length - 1))] = pick([0, 255, 128, 127, integer(0, 255)]);
      folder.put(name, broken);
      const file = await found(folder, name);
      const sound = await openPlayable(file);
      if (sound.kind !== 'sound') {
        expect(sound.sentence).toMatch(/: .*\.$/);
        expect((await openOriginal(file)).kind).toMatch(/^(?:sound|no-audio)$/);
        continue;
      }
      played++;
      expect((await bytesFrom(sound)).length).toBe(sound.size);
    }
    expect(played).toBeGreaterThan(5);
  });
});

/** Of 24 bits, little-endian. */
function caf(data: Buffer): Buffer {
  const part = (id: string, content: Buffer) => {
    const header = Buffer.alloc(12);
    header.write(id, 'latin1');
    header.writeBigInt64BE(BigInt(content.length), 4);
    return Buffer.concat([header, content]);
  };
  const desc = Buffer.alloc(32);
  desc.writeDoubleBE(44_100, 0);
  desc.write('lpcm', 8);
  for (const [place, value] of [2, 6, 1, 2, 24].entries()) desc.writeUInt32BE(value, 12 + 4 * place);
  return Buffer.concat([
    Buffer.from('caff\x00\x01\x00\x00', 'latin1'),
    part('desc', desc),
    part('free', Buffer.alloc(99)),
    part('data', Buffer.concat([Buffer.alloc(4), data])),
  ]);
}

function w64(data: Buffer): Buffer {
  const part = (id: string, content: Buffer) => {
    const header = Buffer.alloc(24);
    Buffer.from(id, 'latin1').copy(header);
    header.writeBigUInt64LE(BigInt(24 + content.length), 16);
    return Buffer.concat([header, content, Buffer.alloc((8 - (content.length % 8)) % 8)]);
  };
  const start = Buffer.alloc(40);
  Buffer.from('726966662e91cf11a5d628db04c10000', 'hex').copy(start);
  start.write('wave', 24);
  return Buffer.concat([
    start,
    part('fmt ', fmt({ bits: 24 }).subarray(8)),
    part('junk', Buffer.alloc(5)),
    part('data', data),
  ]);
}
