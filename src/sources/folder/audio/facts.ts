/** A value and its origin: `ID3 tag TBPM`, `acid chunk`. */
export interface SourcedValue<Value = string> {
  value: Value;
  from: string;
}

/** The metadata of a file. */
export interface AudioFacts {
  /** `WAV`, `FLAC`, `MP3` … */
  format: string;
  /** Seconds; null: unknown. */
  duration: number | null;
  channels: number | null;
  sampleRate: number | null;
  title?: SourcedValue;
  artist?: SourcedValue;
  album?: SourcedValue;
  genre?: SourcedValue;
  bpm?: SourcedValue<number>;
  /** As written in the tag; readKey understands it. */
  key?: SourcedValue;
  /** Tags for a tempo or a key that hold something else. */
  unread?: { bpm?: SourcedValue; key?: SourcedValue };
  /** Mood, keywords, grouping: lists or single words. */
  words: SourcedValue[];
  /** Sentences. */
  comments: SourcedValue[];
  loop?: LoopFacts;
  /** MIDI number of the note at which the sample plays unchanged. Absent when it is only the default of programs. */
  rootNote?: SourcedValue<number>;
  /** What is wrong with a file that can still be played. */
  flaw?: string;
  /** No header tells where the sound ends, so a file that is cut off looks like a whole one. */
  openEnd?: true;
}

/** Facts from the chunks that loop programs write: ACID's `acid`, Apple's `basc`. */
export interface LoopFacts {
  from: string;
  oneShot: boolean;
  /** Beats per minute; null when not given. */
  tempo: number | null;
  /** Null when not given. */
  beats: number | null;
}

/** The file is not a sample. The message is the reason, for users: `is empty`. */
export class NoAudio extends Error {}

/** The file ends before the end that its header gives: it is damaged, or being copied. */
export const CUT_SHORT = 'is shorter than its header says';
