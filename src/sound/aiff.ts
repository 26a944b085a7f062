import { type Chunk, chunksOf } from '../audio-format/chunks.js';
import { readExtended } from '../audio-format/extended-float.js';
import type { SoundFile } from './open-file.js';
import { type Encoding, type PcmSound, pcmSound } from './pcm.js';
import { NoSound, shownForm } from './refusal.js';

/** Reads the headers of an AIFF or AIFC file. Throws NoSound. */
export async function readAiff(file: SoundFile): Promise<PcmSound> {
  let common: Common | null = null;
  let sound: Chunk | null = null;
  for await (const chunk of chunksOf(file, { at: 12, bigEndian: true })) {
    if (chunk.id === 'SSND') sound ??= chunk;
    else if (chunk.id === 'COMM')
      common ??= readCommon((await file.read(chunk.at, 22)).subarray(0, chunk.size));
    if (sound !== null && common !== null) break;
  }
  if (common === null)
    throw new NoSound(
      'no-audio',
      'The file says nothing of its sound (it has no COMM chunk): replace it by another copy.',
    );
  if (sound === null) throw new NoSound('no-audio');
  const encoding = encodingOf(common);
  if (encoding === null)
    throw new NoSound(
      'unplayable',
      `The file is an AIFF with sound of ${shownForm(common.compression)}, which browsers do not play: download it, or convert it to WAV.`,
    );
  // The chunk has a header of eight bytes; its first four may add an offset to the sound's start.
  const header = await file.read(sound.at, 8);
  const at = sound.at + 8 + (header.length === 8 ? header.readUInt32BE(0) : 0);
  // A size of 0 means that the writer was stopped before it could fill in the size.
  const end = sound.size === 0 ? file.size : Math.min(file.size, sound.at + sound.size);
  const { channels, sampleRate, frames } = common;
  const pcm = pcmSound({ encoding, channels, sampleRate, at, there: end - at });
  return frames === 0 ? pcm : { ...pcm, frames: Math.min(pcm.frames, frames) };
}

interface Common {
  channels: number;
  frames: number;
  /** Bits of a sample. */
  bits: number;
  sampleRate: number;
  /** `NONE` in a plain AIFF. */
  compression: string;
}

function readCommon(content: Buffer): Common | null {
  if (content.length < 18) return null;
  return {
    channels: content.readUInt16BE(0),
    frames: content.readUInt32BE(2),
    bits: content.readUInt16BE(6),
    sampleRate: Math.round(readExtended(content.subarray(8, 18))),
    compression: content.length >= 22 ? content.toString('latin1', 18, 22) : 'NONE',
  };
}

/** Returns the encoding. Samples are left-aligned in whole bytes. */
function encodingOf({ compression, bits }: Common): Encoding | null {
  switch (compression) {
    case 'NONE':
    case 'twos':
      return integers(bits, 'be');
    case 'sowt':
      return integers(bits, 'le');
    case 'raw ':
      return 'u8';
    case 'in24':
      return 's24be';
    case '42ni':
      return 's24le';
    case 'in32':
      return 's32be';
    case '23ni':
      return 's32le';
    case 'fl32':
    case 'FL32':
      return 'f32be';
    case 'fl64':
    case 'FL64':
      return 'f64be';
    case 'alaw':
    case 'ALAW':
      return 'alaw';
    case 'ulaw':
    case 'ULAW':
      return 'ulaw';
  }
  return null;
}

function integers(bits: number, order: 'be' | 'le'): Encoding | null {
  const width = Math.ceil(bits / 8);
  if (width === 1) return 's8';
  return width >= 2 && width <= 4 ? `s${(8 * width) as 16 | 24 | 32}${order}` : null;
}
