import { type Chunk, chunksOf } from '../../../audio-format/chunks.js';
import { readExtended } from '../../../audio-format/extended-float.js';
import type { Bytes } from './bytes.js';
import { type AudioFacts, CUT_SHORT, NoAudio } from './facts.js';
import { readId3 } from './id3.js';
import { readInst } from './sampler-chunks.js';
import { textOf } from './text.js';

const MOST_TAGS = 1_048_576;
const TEXTS: Record<string, 'title' | 'artist' | 'comments'> = {
  NAME: 'title',
  AUTH: 'artist',
  ANNO: 'comments',
};

export const isAiff = (head: Buffer): boolean =>
  head.toString('latin1', 0, 4) === 'FORM' && /^AIF[FC]$/.test(head.toString('latin1', 8, 12));

/** Reads headers and tags, never the sound. Throws NoAudio. */
export async function readAiff(bytes: Bytes): Promise<AudioFacts> {
  const facts: AudioFacts = {
    format: 'AIFF',
    duration: null,
    channels: null,
    sampleRate: null,
    words: [],
    comments: [],
  };
  let sound: Chunk | null = null;
  let frames = 0;
  for await (const chunk of chunksOf(bytes, { at: 12, bigEndian: true })) {
    if (chunk.id === 'SSND') {
      sound ??= chunk;
      continue;
    }
    const content = await bytes.read(chunk.at, Math.min(chunk.size, MOST_TAGS));
    if (chunk.id === 'COMM' && content.length >= 18) {
      facts.channels = content.readUInt16BE(0);
      frames = content.readUInt32BE(2);
      facts.sampleRate = Math.round(readExtended(content.subarray(8, 18)));
    } else await readTags(chunk, content, facts);
  }
  if (!facts.channels || !facts.sampleRate) throw new NoAudio('says nothing of its sound (no COMM chunk)');
  const { size: end } = bytes.stamp;
  // The SSND chunk begins with a header of eight bytes.
  if (sound === null || frames === 0 || Math.min(sound.size, end - sound.at) <= 8)
    throw new NoAudio('holds no sound');
  const share = Math.min(1, (end - sound.at - 8) / (sound.size - 8));
  if (share < 1) facts.flaw = CUT_SHORT;
  facts.duration = Math.floor(frames * share) / facts.sampleRate;
  const { loop } = facts;
  if (loop?.beats && !loop.oneShot) loop.tempo = Math.round((6000 * loop.beats) / facts.duration) / 100;
  return facts;
}

async function readTags({ id }: Chunk, content: Buffer, facts: AudioFacts): Promise<void> {
  const field = TEXTS[id];
  const value = field && textOf(content);
  if (value) {
    const said = { value, from: `AIFF chunk ${id}` };
    if (field === 'comments') facts.comments.push(said);
    else facts[field] ??= said;
  } else if (id === 'ID3 ' || id === 'id3 ') await readId3(content, facts);
  else if (id === 'INST') readInst(content, facts);
  else if (id === 'basc') readBasc(content, facts);
}

/**
 * Reads Apple Loops' `basc` chunk: version, beats, root note (48 to 59: C to B; 0: none), scale (1: minor, 2: major),
 * metre, and loop (1) or one-shot (2). The tempo follows from the beats and the duration.
 */
function readBasc(content: Buffer, facts: AudioFacts): void {
  if (content.length < 18 || content.readUInt32BE(0) !== 1) return;
  const beats = content.readUInt32BE(4);
  const note = content.readUInt16BE(8);
  const from = 'basc chunk';
  facts.loop = {
    from,
    oneShot: content.readUInt16BE(16) === 2,
    tempo: null,
    beats: beats > 0 && beats < 10_000 ? beats : null,
  };
  if (note >= 48 && note < 60) {
    facts.rootNote = { value: note, from };
    const scale = content.readUInt16BE(10);
    const tonic = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'][note - 48];
    if (scale === 1 || scale === 2) facts.key ??= { value: `${tonic}${scale === 1 ? 'm' : ''}`, from };
  }
}
