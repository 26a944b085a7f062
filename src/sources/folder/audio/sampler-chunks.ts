import type { AudioFacts } from './facts.js';

/** Middle C: the default of programs that write `smpl` and `inst` chunks. */
const DEFAULT_NOTE = 60;

/**
 * Reads ACID's chunk: flags (1: one-shot, 2: the root note counts, 4: stretched), root note as a MIDI number, beats,
 * metre, and tempo as a float. The chunk is undocumented; the layout is the one that libsndfile reads.
 */
export function readAcid(content: Buffer, facts: AudioFacts): void {
  if (content.length < 24) return;
  const flags = content.readUInt32LE(0);
  const note = content.readUInt16LE(4);
  const beats = content.readUInt32LE(12);
  const tempo = content.readFloatLE(20);
  facts.loop = {
    from: 'acid chunk',
    oneShot: (flags & 1) !== 0,
    tempo: plausibleTempo(tempo),
    beats: beats > 0 && beats < 10_000 ? beats : null,
  };
  if ((flags & 2) !== 0 && note > 0 && note < 128) facts.rootNote = { value: note, from: 'acid chunk' };
}

/** Reads the `smpl` chunk: the note at which the sound plays unchanged. */
export function readSmpl(content: Buffer, facts: AudioFacts): void {
  if (content.length >= 16) takeNote(content.readUInt32LE(12), 'smpl chunk', facts);
}

/** Reads the instrument chunk. In WAV and in AIFF it begins with the note that is not shifted. */
export function readInst(content: Buffer, facts: AudioFacts): void {
  if (content.length >= 1) takeNote(content.readUInt8(0), 'inst chunk', facts);
}

function takeNote(note: number, from: string, facts: AudioFacts): void {
  if (note > 0 && note < 128 && note !== DEFAULT_NOTE) facts.rootNote ??= { value: note, from };
}

/** Returns the tempo in hundredths, the precision of 32-bit floats. Null when it is not from 20 to 400. */
export function plausibleTempo(tempo: number): number | null {
  return tempo >= 20 && tempo <= 400 ? Math.round(tempo * 100) / 100 : null;
}
