import type { AudioFacts } from '../audio/facts.js';
import type { FILE_COLUMNS } from '../index-file/schema.js';
import type { NameFacts } from '../names/index.js';

/** A row of `files` without its id; lists and origins as JSON. */
export type FileRow = Record<keyof typeof FILE_COLUMNS, string | number | null>;

export interface Place {
  path: string;
  root: string;
  folder: string;
  file: string;
  size: number;
  /** Nanoseconds since 1970, in decimal. */
  mtime: string;
}

/** The row of a sample: what the file tells and what its name tells, and for each column which of them it was. */
export function describeFile(place: Place, audio: AudioFacts, name: NameFacts): FileRow {
  const { size, mtime, ...where } = place;
  return {
    ...where,
    title: name.title,
    bpm: audio.bpm?.value ?? name.bpm,
    musical_key: audio.key?.value ?? name.musicalKey,
    genre: audio.genre?.value ?? null,
    pack: name.pack,
    kind: name.kind,
    instruments: JSON.stringify(name.instruments),
    tags: JSON.stringify([]),
    artist: audio.artist?.value ?? null,
    album: audio.album?.value ?? null,
    root_note: null,
    duration: audio.duration,
    channels: audio.channels,
    sample_rate: audio.sampleRate,
    format: audio.format,
    size,
    mtime: new Date(Number(BigInt(mtime) / 1_000_000n)).toISOString(),
    origins: JSON.stringify({}),
  };
}
