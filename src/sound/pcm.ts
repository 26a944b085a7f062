import { NoSound } from './refusal.js';

/** Encoding of one sample of uncompressed sound. */
export type Encoding =
  | 'u8'
  | 's8'
  | 's16le'
  | 's16be'
  | 's24le'
  | 's24be'
  | 's32le'
  | 's32be'
  | 'f32le'
  | 'f32be'
  | 'f64le'
  | 'f64be'
  | 'alaw'
  | 'ulaw';

/** Position of uncompressed sound in a file: samples in sequence, interleaved by channel. */
export interface PcmSound {
  encoding: Encoding;
  channels: number;
  /** Frames per second. */
  sampleRate: number;
  /** Offset of the first sample. */
  at: number;
  /** Samples of each channel that the file really has. */
  frames: number;
}

export const bytesOf = (encoding: Encoding): number => READERS[encoding][0];

/** Channels that browsers play, at most. */
const MOST_CHANNELS = 32;
/** The highest sample rate that a WAV header can hold. */
const HIGHEST_RATE = 0xffff_ffff;

/**
 * Returns the sound with its number of frames. `there`: bytes of sound from `at` that the file really has. Throws
 * NoSound if that is no playable sound.
 */
export function pcmSound({ there, ...sound }: Omit<PcmSound, 'frames'> & { there: number }): PcmSound {
  const { encoding, channels, sampleRate } = sound;
  if (channels === 0 || !(sampleRate >= 1) || sampleRate > HIGHEST_RATE)
    throw new NoSound('no-audio', 'The file says nothing true of its sound: replace it by another copy.');
  if (channels > MOST_CHANNELS)
    throw new NoSound(
      'unplayable',
      `The file has ${channels} channels, and browsers play ${MOST_CHANNELS} at most: download it, or mix it down.`,
    );
  const frames = Math.floor(Math.max(0, there) / (channels * bytesOf(encoding)));
  if (frames === 0)
    throw new NoSound('no-audio', 'The file is a header with no sound after it: replace it by another copy.');
  return { ...sound, frames };
}

/**
 * Converts samples to 16-bit integers, little-endian: wider ones are rounded to the nearest, floats of 1 and more are
 * clipped, NaN becomes silence. `input` holds whole samples.
 */
export function toSixteenBits(input: Buffer, encoding: Encoding): Buffer {
  const [width, read] = READERS[encoding];
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  const count = Math.floor(input.length / width);
  const output = Buffer.allocUnsafe(2 * count);
  for (let k = 0; k < count; k++) {
    const value = read(view, k * width);
    output[2 * k] = value & 0xff;
    output[2 * k + 1] = (value >> 8) & 0xff;
  }
  return output;
}

/** Bytes of a sample, and a function that reads the sample at an offset as an integer from -32768 to 32767. */
const READERS: Record<Encoding, readonly [width: number, read: (input: DataView, at: number) => number]> = {
  u8: [1, (input, at) => (byte(input, at) - 128) << 8],
  s8: [1, (input, at) => byte(input, at) << 8],
  s16le: [2, (input, at) => byte(input, at) | (byte(input, at + 1) << 8)],
  s16be: [2, (input, at) => byte(input, at + 1) | (byte(input, at) << 8)],
  s24le: [3, (input, at) => rounded(byte(input, at + 2), byte(input, at + 1), byte(input, at))],
  s24be: [3, (input, at) => rounded(byte(input, at), byte(input, at + 1), byte(input, at + 2))],
  s32le: [4, (input, at) => rounded(byte(input, at + 3), byte(input, at + 2), byte(input, at + 1))],
  s32be: [4, (input, at) => rounded(byte(input, at), byte(input, at + 1), byte(input, at + 2))],
  f32le: [4, (input, at) => clipped(input.getFloat32(at, true))],
  f32be: [4, (input, at) => clipped(input.getFloat32(at))],
  f64le: [8, (input, at) => clipped(input.getFloat64(at, true))],
  f64be: [8, (input, at) => clipped(input.getFloat64(at))],
  alaw: [1, (input, at) => ALAW[byte(input, at)] as number],
  ulaw: [1, (input, at) => ULAW[byte(input, at)] as number],
};

const byte = (input: DataView, at: number): number => input.getUint8(at);

/** Rounds 24 bits or more to the upper 16: half rounds up, but not beyond the maximum. */
function rounded(high: number, middle: number, low: number): number {
  const value = ((high << 24) >> 16) | middle;
  return low >= 128 && value < 32_767 ? value + 1 : value;
}

function clipped(value: number): number {
  // NaN fails both comparisons.
  if (!(value > -1)) return value <= -1 ? -32_768 : 0;
  return value >= 1 ? 32_767 : Math.min(32_767, Math.round(value * 32_768));
}

/** Tables of the two telephone encodings, A-law and µ-law (G.711). */
const ALAW = Array.from({ length: 256 }, (_, code) => {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const step = ((bits & 15) << 4) + 8;
  const size = exponent === 0 ? step : (step + 256) << (exponent - 1);
  return bits & 128 ? size : -size;
});
const ULAW = Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const size = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132;
  return bits & 128 ? -size : size;
});
