/** WAV and AIFF files as bytes, each part written out, so that tests can leave parts out or get them wrong. */

export function chunk(
  id: string,
  content: Buffer,
  { bigEndian = false, size = content.length } = {},
): Buffer {
  const header = Buffer.alloc(8);
  header.write(id, 'latin1');
  if (bigEndian) header.writeUInt32BE(size, 4);
  else header.writeUInt32LE(size, 4);
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
}

/** Sound that differs from seed to seed, 16 bits, one channel. */
export function sound(seed: number, frames: number): Buffer {
  const bytes = Buffer.alloc(2 * frames);
  for (let at = 0, state = seed + 1; at < frames; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes.writeInt16LE(state >> 16, 2 * at);
  }
  return bytes;
}

export function fmt({ channels = 1, rate = 8000, tag = 1 } = {}): Buffer {
  const content = Buffer.alloc(16);
  content.writeUInt16LE(tag, 0);
  content.writeUInt16LE(channels, 2);
  content.writeUInt32LE(rate, 4);
  content.writeUInt32LE(rate * channels * 2, 8);
  content.writeUInt16LE(channels * 2, 12);
  content.writeUInt16LE(16, 14);
  return chunk('fmt ', content);
}

export const riff = (...chunks: Buffer[]): Buffer =>
  chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...chunks]));

export interface WavOptions {
  seed?: number;
  /** Of 8,000 a second. */
  frames?: number;
  /** Chunks after the sound. */
  after?: Buffer[];
}

/** A WAV of 8,000 Hz; of a hundredth of a second unless told otherwise. */
export const wav = ({ seed = 0, frames = 80, after = [] }: WavOptions = {}): Buffer =>
  riff(fmt(), chunk('data', sound(seed, frames)), ...after);

/** A LIST INFO chunk. */
export const info = (tags: Record<string, string | Buffer>): Buffer =>
  chunk(
    'LIST',
    Buffer.concat([
      Buffer.from('INFO'),
      ...Object.entries(tags).map(([id, text]) =>
        chunk(id, Buffer.concat([Buffer.from(text), Buffer.alloc(1)])),
      ),
    ]),
  );

export function acid({ oneShot = false, note = 0, beats = 0, tempo = 0 }): Buffer {
  const content = Buffer.alloc(24);
  content.writeUInt32LE((oneShot ? 1 : 0) | (note > 0 ? 2 : 0), 0);
  content.writeUInt16LE(note, 4);
  content.writeUInt32LE(beats, 12);
  content.writeUInt16LE(4, 16);
  content.writeUInt16LE(4, 18);
  content.writeFloatLE(tempo, 20);
  return chunk('acid', content);
}

export function smpl(note: number): Buffer {
  const content = Buffer.alloc(36);
  content.writeUInt32LE(note, 12);
  return chunk('smpl', content);
}

/** An ID3v2.3 tag of text frames. */
export function id3(frames: Record<string, string>): Buffer {
  const parts = Object.entries(frames).map(([id, text]) => {
    const content = Buffer.concat([Buffer.from([0]), Buffer.from(text, 'latin1')]);
    const header = Buffer.alloc(10);
    header.write(id, 'latin1');
    header.writeUInt32BE(content.length, 4);
    return Buffer.concat([header, content]);
  });
  const body = Buffer.concat(parts);
  const size = [21, 14, 7, 0].map((shift) => (body.length >> shift) & 0x7f);
  return Buffer.concat([Buffer.from('ID3'), Buffer.from([3, 0, 0, ...size]), body]);
}

/** An AIFF of 8,000 Hz with 16 bits. */
export function aiff({ frames = 80, before = [] as Buffer[] } = {}): Buffer {
  const big = { bigEndian: true };
  const common = Buffer.alloc(18);
  common.writeUInt16BE(1, 0);
  common.writeUInt32BE(frames, 2);
  common.writeUInt16BE(16, 6);
  // 8,000 as a float of 80 bits.
  Buffer.from('400bfa00000000000000', 'hex').copy(common, 8);
  const data = Buffer.concat([Buffer.alloc(8), sound(0, frames)]);
  return chunk(
    'FORM',
    Buffer.concat([Buffer.from('AIFF'), chunk('COMM', common, big), ...before, chunk('SSND', data, big)]),
    big,
  );
}

/** Apple's chunk for loops. */
export function basc({ beats = 0, note = 0, scale = 0, oneShot = false }): Buffer {
  const content = Buffer.alloc(84);
  content.writeUInt32BE(1, 0);
  content.writeUInt32BE(beats, 4);
  content.writeUInt16BE(note, 8);
  content.writeUInt16BE(scale, 10);
  content.writeUInt16BE(4, 12);
  content.writeUInt16BE(4, 14);
  content.writeUInt16BE(oneShot ? 2 : 1, 16);
  return chunk('basc', content, { bigEndian: true });
}
