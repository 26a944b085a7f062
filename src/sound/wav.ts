import { type Chunk, chunksOf } from '../audio-format/chunks.js';
import { readFormat, type WaveFormat } from '../audio-format/wave-format.js';
import type { SoundFile } from './open-file.js';
import { bytesOf, type Encoding, type PcmSound, pcmSound } from './pcm.js';
import { NoSound } from './refusal.js';

/** Written into a size field if the size is not known, or does not fit. */
const UNKNOWN = 0xffff_ffff;

export interface WavSound extends PcmSound {
  /** Whether browsers play the file as it is: 8 or 16 bits, and the sizes in its headers are correct. */
  plain: boolean;
}

/** Reads the headers of a WAVE file: RIFF, RIFX (big-endian), RF64 or BW64. Throws NoSound. */
export async function readWav(file: SoundFile): Promise<WavSound> {
  const head = await file.read(0, 12);
  const form = head.toString('latin1', 0, 4);
  const bigEndian = form === 'RIFX';
  let format: SampleFormat | null = null;
  /** RF64: the size that does not fit into the chunk itself. */
  let longData: number | null = null;
  let sound: Chunk | null = null;
  let last: Chunk | null = null;
  let isPlain = form === 'RIFF';
  const sizeOf = ({ id, at, size }: Chunk): number => {
    if (id !== 'data' || size !== UNKNOWN) return size;
    isPlain = false;
    return longData ?? file.size - at;
  };
  for await (const chunk of chunksOf(file, { at: 12, bigEndian, sizeOf })) {
    last = chunk;
    if (chunk.id === 'data') sound ??= chunk;
    else if (chunk.id === 'fmt ')
      format ??= readSampleFormat(await file.read(chunk.at, 40), chunk.size, bigEndian);
    else if (chunk.id === 'ds64' && chunk.size >= 16) {
      const sizes = await file.read(chunk.at, 16);
      if (sizes.length === 16) longData = Number(sizes.readBigUInt64LE(8));
    }
    if (sound !== null && sound.size > 0 && format !== null) break;
  }
  if (format === null) throw new NoSound('no-audio', NO_FORMAT);
  if (sound === null) throw new NoSound('no-audio');
  // A size of 0 means that the writer was stopped before it could fill in the size.
  const size = sound.size === 0 && sound === last ? file.size - sound.at : sound.size;
  const pcm = pcmOf(format, bigEndian, sound.at, Math.min(size, file.size - sound.at));
  const end = Math.min(file.size, bigEndian ? 0 : head.readUInt32LE(4) + 8);
  const { tag, bits } = format;
  return {
    ...pcm,
    plain:
      isPlain &&
      sound.size > 0 &&
      sound.at + sound.size <= end &&
      tag === PCM &&
      bits === 8 * bytesOf(pcm.encoding) &&
      bits <= 16,
  };
}

const NO_FORMAT = 'The file says nothing of its sound (it has no fmt chunk): replace it by another copy.';

const PCM = 1;
const FLOAT = 3;

/** A `fmt ` chunk that states the bits of a sample. */
export type SampleFormat = WaveFormat & { bits: number };

/** Reads a `fmt ` chunk. Null: too short. `size`: the chunk's bytes; `content` may have fewer or more. */
export function readSampleFormat(content: Buffer, size: number, bigEndian: boolean): SampleFormat | null {
  const bytes = content.subarray(0, size);
  return bytes.length < 16 ? null : (readFormat(bytes, bigEndian) as SampleFormat);
}

/** Returns the sound of this format. `there`: bytes of sound from `at` that the file really has. Throws NoSound. */
export function pcmOf(format: SampleFormat, bigEndian: boolean, at: number, there: number): PcmSound {
  const encoding = encodingOf(format, bigEndian);
  const { tag, channels, sampleRate } = format;
  if (encoding === null) throw new NoSound('unplayable', unplayable(UNUSUAL[tag] ?? `sound of form ${tag}`));
  return pcmSound({ encoding, channels, sampleRate, at, there });
}

const UNUSUAL: Record<number, string> = {
  2: 'ADPCM',
  17: 'ADPCM',
  49: 'GSM',
  80: 'MPEG',
  85: 'MP3',
  22127: 'Ogg Vorbis',
};
const unplayable = (form: string): string =>
  `The file is a WAV with ${form} in it, which browsers do not play: download it, or convert it to PCM.`;

/** Returns the encoding. Samples are left-aligned, so 20 bits in 3 bytes are read as 24. Null: unknown. */
function encodingOf({ tag, channels, frame, bits }: SampleFormat, bigEndian: boolean): Encoding | null {
  const needed = Math.ceil(bits / 8);
  const given = frame / channels;
  const width = Number.isInteger(given) && given >= needed && given > 0 ? given : needed;
  const order = bigEndian ? 'be' : 'le';
  if (tag === PCM && width === 1) return 'u8';
  if (tag === PCM && (width === 2 || width === 3 || width === 4))
    return `s${(8 * width) as 16 | 24 | 32}${order}`;
  if (tag === FLOAT && (width === 4 || width === 8)) return `f${(8 * width) as 32 | 64}${order}`;
  if (tag === 6) return 'alaw';
  if (tag === 7) return 'ulaw';
  return null;
}
