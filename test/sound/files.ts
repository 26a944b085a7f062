/** Audio files as bytes, each part written out, so that tests can leave parts out or get them wrong. */
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FoundFile, findSound } from '../../src/sound/find-file.js';
import { openPlayable, type SoundBytes } from '../../src/sound/playable.js';

export type Order = 'le' | 'be';

export function chunk(id: string, content: Buffer, { order = 'le' as Order, size = content.length } = {}) {
  const header = Buffer.alloc(8);
  header.write(id, 'latin1');
  if (order === 'be') header.writeUInt32BE(size, 4);
  else header.writeUInt32LE(size, 4);
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
}

export interface Fmt {
  tag?: number;
  channels?: number;
  rate?: number;
  bits?: number;
  /** Bytes that hold a sample of one channel. */
  width?: number;
  /** WAVE_FORMAT_EXTENSIBLE with `tag` as its sub-format. */
  extensible?: boolean;
  order?: Order;
}

export function fmt({
  tag = 1,
  channels = 1,
  rate = 8000,
  bits = 16,
  width = Math.ceil(bits / 8),
  extensible = false,
  order = 'le',
}: Fmt = {}): Buffer {
  const content = Buffer.alloc(extensible ? 40 : 16);
  const short = (value: number, at: number) =>
    order === 'be' ? content.writeUInt16BE(value, at) : content.writeUInt16LE(value, at);
  const long = (value: number, at: number) =>
    order === 'be' ? content.writeUInt32BE(value, at) : content.writeUInt32LE(value, at);
  short(extensible ? 0xfffe : tag, 0);
  short(channels, 2);
  long(rate, 4);
  long(rate * channels * width, 8);
  short(channels * width, 12);
  short(extensible ? 8 * width : bits, 14);
  if (extensible) {
    short(22, 16);
    short(bits, 18);
    short(tag, 24);
    Buffer.from('000000001000800000aa00389b71', 'hex').copy(content, 26);
  }
  return chunk('fmt ', content, { order });
}

/** `size`: what the header says of the bytes after it; default: the truth. */
export const riff = (chunks: Buffer[], { form = 'RIFF', size }: { form?: string; size?: number } = {}) =>
  chunk(form, Buffer.concat([Buffer.from('WAVE'), ...chunks]), {
    order: form === 'RIFX' ? 'be' : 'le',
    ...(size === undefined ? {} : { size }),
  });

export const wav = (data: Buffer, format: Fmt = {}): Buffer => riff([fmt(format), chunk('data', data)]);

/** A float of 80 bits, of an integer. */
export function extended(value: number): Buffer {
  const bytes = Buffer.alloc(10);
  const exponent = Math.floor(Math.log2(value));
  bytes.writeUInt16BE(16_383 + exponent, 0);
  bytes.writeBigUInt64BE(BigInt(value) << BigInt(63 - exponent), 2);
  return bytes;
}

export interface Comm {
  channels?: number;
  frames: number;
  bits: number;
  rate?: number;
  compression?: string;
}

export function comm({ channels = 1, frames, bits, rate = 8000, compression }: Comm): Buffer {
  const start = Buffer.alloc(8);
  start.writeUInt16BE(channels, 0);
  start.writeUInt32BE(frames, 2);
  start.writeUInt16BE(bits, 6);
  const name = compression === undefined ? [] : [Buffer.from(compression, 'latin1'), Buffer.from('\x00\x00')];
  return chunk('COMM', Buffer.concat([start, extended(rate), ...name]), { order: 'be' });
}

/** `offset`: bytes before the first sample. */
export function ssnd(data: Buffer, { offset = 0, size }: { offset?: number; size?: number } = {}): Buffer {
  const start = Buffer.alloc(8 + offset, 0x55);
  start.writeUInt32BE(offset, 0);
  start.writeUInt32BE(0, 4);
  const content = Buffer.concat([start, data]);
  return chunk('SSND', content, { order: 'be', size: size ?? content.length });
}

export const form = (type: 'AIFF' | 'AIFC', chunks: Buffer[]): Buffer =>
  chunk('FORM', Buffer.concat([Buffer.from(type), ...chunks]), { order: 'be' });

export const aiff = (data: Buffer, common: Comm): Buffer =>
  form(common.compression === undefined ? 'AIFF' : 'AIFC', [comm(common), ssnd(data)]);

/** Samples as bytes, as one method of Buffer writes them. */
export function samples(
  values: readonly number[],
  width: number,
  write: (bytes: Buffer, value: number, at: number) => void,
) {
  const bytes = Buffer.alloc(values.length * width);
  for (const [k, value] of values.entries()) write(bytes, value, k * width);
  return bytes;
}

/** An MP3 of 128 kbit/s at 44,100 Hz, whose frames hold nothing. */
export function mp3(frames = 4): Buffer {
  const frame = Buffer.alloc(417);
  Buffer.from('fffb9000', 'hex').copy(frame);
  return Buffer.concat(Array.from({ length: frames }, () => frame));
}

export const box = (name: string, ...content: Buffer[]): Buffer => {
  const inside = Buffer.concat(content);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + inside.length, 0);
  header.write(name, 4, 'latin1');
  return Buffer.concat([header, inside]);
};

/** An MP4 with a track of each codec. */
export const mp4 = (...codecs: string[]): Buffer => {
  const trak = (codec: string) => {
    const stsd = box('stsd', Buffer.from('0000000000000001', 'hex'), box(codec, Buffer.alloc(28)));
    return box('trak', box('tkhd', Buffer.alloc(84)), box('mdia', box('minf', box('stbl', stsd))));
  };
  return Buffer.concat([
    box('ftyp', Buffer.from('M4A \x00\x00\x00\x00M4A mp42', 'latin1')),
    box('mdat', Buffer.alloc(1000)),
    box('moov', box('mvhd', Buffer.alloc(100)), ...codecs.map(trak)),
  ]);
};

/** A real file of this ending, as an encoder wrote it. */
export const encoded = (ending: string): Buffer =>
  readFileSync(new URL(`../sources/folder/encoded/pad.${ending}`, import.meta.url));

/** A folder that is taken away with `remove`; its real path, without links. */
export function temporaryFolder() {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'sample-embeddings-sound-')));
  return {
    path,
    put(name: string, bytes: Buffer | string): string {
      writeFileSync(join(path, name), bytes);
      return join(path, name);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

export type TemporaryFolder = ReturnType<typeof temporaryFolder>;

export async function found(folder: TemporaryFolder, name: string): Promise<FoundFile> {
  const file = await findSound(name, { folders: [folder.path], moved: [] });
  if (file.kind !== 'file') throw new Error(file.sentence);
  return file;
}

export async function playable(folder: TemporaryFolder, name: string, bytes: Buffer): Promise<SoundBytes> {
  folder.put(name, bytes);
  const sound = await openPlayable(await found(folder, name));
  if (sound.kind !== 'sound') throw new Error(sound.sentence);
  return sound;
}

export async function bytesFrom(sound: SoundBytes, from = 0, to = sound.size): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of sound.read(from, to)) parts.push(part);
  return Buffer.concat(parts);
}

/** The samples of a 16-bit WAV with a header of 44 bytes. */
export function sixteenBits(bytes: Buffer): number[] {
  const values: number[] = [];
  for (let at = 44; at < bytes.length; at += 2) values.push(bytes.readInt16LE(at));
  return values;
}
