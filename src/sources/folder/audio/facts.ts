/** A value of a file, and what in the file says so: `ID3 tag TBPM`, `acid chunk`. */
export interface Said<Value = string> {
  value: Value;
  from: string;
}

/** What a file tells of itself. */
export interface AudioFacts {
  /** `WAV`, `FLAC`, `MP3` … */
  format: string;
  /** Seconds; null: unknown. */
  duration: number | null;
  channels: number | null;
  sampleRate: number | null;
  title?: Said;
  artist?: Said;
  album?: Said;
  genre?: Said;
  bpm?: Said<number>;
  /** As the tag has it. */
  key?: Said;
  /** Mood, keywords, grouping: lists or single words. */
  words: Said[];
  /** Sentences. */
  comments: Said[];
  loop?: LoopFacts;
  /** MIDI number of the note it is played at; not where it is what writers put there unasked. */
  rootNote?: Said<number>;
  /** What is wrong with it, though it can be heard. */
  flaw?: string;
}

/** What the programs that make loops write: ACID's `acid` chunk, Apple's `basc`. */
export interface LoopFacts {
  from: string;
  oneShot: boolean;
  /** Beats a minute; null: not said. */
  tempo: number | null;
  /** Null: not said. */
  beats: number | null;
}

/** The file is no sample; says why, for a person: `is empty`. */
export class NoAudio extends Error {}

/** The file ends before the end that its header gives: it is damaged, or being copied. */
export const CUT_SHORT = 'is shorter than its header says';
