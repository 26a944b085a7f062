import { readFormat, type WaveFormat } from '../../../audio-format/wave-format.js';
import type { Bytes } from './bytes.js';
import { checkFormat } from './check-format.js';
import { type AudioFacts, CUT_SHORT, NoAudio } from './facts.js';
import { durationOf } from './wave-duration.js';

/** Chunk ids are GUIDs. Their first four bytes are RIFF's ids. */
const RIFF = Buffer.from('726966662e91cf11a5d628db04c10000', 'hex');
const HEADER = 24;
const MOST = 1000;

/** Returns whether the head is Sony's Wave64: RIFF with 64-bit sizes. No program writes tags into it. */
export const isW64 = (head: Buffer): boolean => head.subarray(0, 16).equals(RIFF);

/** Reads the headers of a Wave64 file. Throws NoAudio. */
export async function readW64(bytes: Bytes): Promise<AudioFacts> {
  const { size: end } = bytes.stamp;
  let format: WaveFormat | null = null;
  let sound: { at: number; size: number } | null = null;
  for (let at = 40, count = 0; count < MOST; count++) {
    const header = await bytes.read(at, HEADER);
    if (header.length < HEADER) break;
    const id = header.toString('latin1', 0, 4);
    const size = Number(header.readBigUInt64LE(16)) - HEADER;
    if (size < 0) break;
    const content = at + HEADER;
    if (id === 'fmt ' && size >= 14) {
      const bytesOfIt = await bytes.read(content, Math.min(size, 64));
      if (bytesOfIt.length >= 14) format = readFormat(bytesOfIt, false);
    } else if (id === 'data') sound ??= { at: content, size };
    at = content + Math.ceil(size / 8) * 8;
  }
  checkFormat(format);
  const there = sound ? Math.min(sound.size, end - sound.at) : 0;
  if (sound === null || there <= 0) throw new NoAudio('holds no sound');
  const facts: AudioFacts = {
    format: 'W64',
    duration: durationOf(format, there, null),
    channels: format.channels,
    sampleRate: format.sampleRate,
    words: [],
    comments: [],
  };
  if (there < sound.size) facts.flaw = CUT_SHORT;
  return facts;
}
