import { FileChanged, type SoundFile } from './open-file.js';
import { bytesOf, type PcmSound, toSixteenBits } from './pcm.js';

/** Bytes before the first sample. */
const HEADER = 44;
/** RIFF stores sizes in 32 bits. */
const MOST_BYTES = 0xffff_ffff - HEADER;
/** Samples converted at a time. */
const BLOCK = 65_536;
/** Bytes of a sample in the output. */
const BYTES = 2;

/** Returns the size in bytes of this sound as a 16-bit WAV. The end is cut if it does not fit (six hours of stereo). */
export const wavSize = (sound: PcmSound): number => HEADER + framesOf(sound) * sound.channels * BYTES;

const framesOf = ({ frames, channels }: PcmSound): number =>
  Math.min(frames, Math.floor(MOST_BYTES / (channels * BYTES)));

/**
 * Yields the bytes `from` ≤ b < `to` of the sound as a 16-bit WAV file. Each output sample depends only on the input
 * sample at its position, so nothing before `from` is read. Throws FileChanged if the file ends early.
 */
export async function* readAsWav(
  file: SoundFile & { name: string },
  sound: PcmSound,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (from < HEADER) yield headerOf(sound).subarray(from, Math.min(to, HEADER));
  const width = bytesOf(sound.encoding);
  const end = Math.min(to, wavSize(sound));
  for (let at = Math.max(from, HEADER); at < end; ) {
    const first = Math.floor((at - HEADER) / BYTES);
    const last = Math.min(first + BLOCK, Math.ceil((end - HEADER) / BYTES));
    const input = await file.read(sound.at + first * width, (last - first) * width);
    if (input.length < (last - first) * width) throw new FileChanged(file.name);
    const start = HEADER + first * BYTES;
    const output = toSixteenBits(input, sound.encoding).subarray(at - start, end - start);
    yield output;
    at += output.length;
  }
}

function headerOf(sound: PcmSound): Buffer {
  const { channels, sampleRate } = sound;
  const header = Buffer.alloc(HEADER);
  header.write('RIFF', 0);
  header.writeUInt32LE(wavSize(sound) - 8, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(Math.min(0xffff_ffff, sampleRate * channels * BYTES), 28);
  header.writeUInt16LE(channels * BYTES, 32);
  header.writeUInt16LE(8 * BYTES, 34);
  header.write('data', 36);
  header.writeUInt32LE(wavSize(sound) - HEADER, 40);
  return header;
}
