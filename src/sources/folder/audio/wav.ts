import { type Chunk, chunksOf } from '../../../audio-format/chunks.js';
import { readFormat, type WaveFormat } from '../../../audio-format/wave-format.js';
import type { Bytes } from './bytes.js';
import { checkFormat } from './check-format.js';
import { type AudioFacts, CUT_SHORT, NoAudio } from './facts.js';
import { readId3 } from './id3.js';
import { readInfo } from './riff-info.js';
import { readAcid, readInst, readSmpl } from './sampler-chunks.js';
import { textOf } from './text.js';
import { durationOf } from './wave-duration.js';

/** Bytes that are read of a tag; a longer tag is a picture. */
const MOST_TAGS = 1_048_576;
/** The value of a size that the writer did not know, or that does not fit into 32 bits. */
const UNKNOWN = 0xffff_ffff;

/** Returns whether the head is of a RIFF, RIFX (big-endian), RF64 or BW64 file of the form WAVE. */
export const isWav = (head: Buffer): boolean =>
  /^(RIFF|RIFX|RF64|BW64)$/.test(head.toString('latin1', 0, 4)) && head.toString('latin1', 8, 12) === 'WAVE';

/** Reads headers and tags, never the sound. Throws NoAudio. */
export async function readWav(bytes: Bytes): Promise<AudioFacts> {
  const head = await bytes.read(0, 12);
  const bigEndian = head.toString('latin1', 0, 4) === 'RIFX';
  const facts: AudioFacts = {
    format: 'WAV',
    duration: null,
    channels: null,
    sampleRate: null,
    words: [],
    comments: [],
  };
  let format: WaveFormat | null = null;
  let frames: number | null = null;
  /** For RF64: the size of the data chunk, which does not fit into the chunk's own field. */
  let longData: number | null = null;
  let sound: Chunk | null = null;
  let last: Chunk | null = null;
  let isUnknown = false;
  const { size: end } = bytes.stamp;
  const sizeOf = ({ id, at, size }: Chunk): number => {
    if (id !== 'data' || size !== UNKNOWN) return size;
    isUnknown = longData === null;
    return longData ?? end - at;
  };
  for await (const chunk of chunksOf(bytes, { at: 12, bigEndian, sizeOf })) {
    if (chunk.id === 'data') {
      sound ??= chunk;
      last = chunk;
      continue;
    }
    last = chunk;
    const content = await bytes.read(chunk.at, Math.min(chunk.size, MOST_TAGS));
    if (chunk.id === 'fmt ' && content.length >= 14) format = readFormat(content, bigEndian);
    else if (chunk.id === 'ds64' && content.length >= 16) longData = Number(content.readBigUInt64LE(8));
    else if (chunk.id === 'fact' && content.length >= 4)
      frames = bigEndian ? content.readUInt32BE(0) : content.readUInt32LE(0);
    else if (!bigEndian) await readTags(chunk, content, facts);
  }
  checkFormat(format);
  // The writer was stopped before it could go back and write the size.
  const unwritten = sound !== null && sound.size === 0 && sound === last;
  if (sound !== null && unwritten) sound = { ...sound, size: end - sound.at };
  const there = Math.max(0, Math.min(sound?.size ?? 0, end - (sound?.at ?? 0)));
  if (there === 0) throw new NoAudio('holds no sound');
  if (sound && sound.at + sound.size > end) facts.flaw = CUT_SHORT;
  if (unwritten || isUnknown) facts.openEnd = true;
  facts.channels = format.channels;
  facts.sampleRate = format.sampleRate;
  facts.duration = durationOf(format, there, frames);
  return facts;
}

async function readTags({ id }: Chunk, content: Buffer, facts: AudioFacts): Promise<void> {
  switch (id) {
    case 'LIST':
      return readInfo(content, facts);
    case 'acid':
      return readAcid(content, facts);
    case 'smpl':
      return readSmpl(content, facts);
    case 'inst':
      return readInst(content, facts);
    case 'id3 ':
    case 'ID3 ':
      return readId3(content, facts);
    case 'bext': {
      const description = textOf(content.subarray(0, 256));
      if (description) facts.comments.push({ value: description, from: 'bext chunk' });
    }
  }
}
