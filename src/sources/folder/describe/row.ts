import type { AudioFacts, SourcedValue } from '../audio/facts.js';
import type { FILE_COLUMNS } from '../index-file/schema.js';
import type { NameFacts } from '../names/index.js';
import { chooseKey, noteName } from './key.js';
import { fromName, type Sources } from './sourced-value.js';
import { chooseTempo, isWholeBars } from './tempo.js';
import { chooseWords } from './words.js';

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

/** Makes the row of a sample from the file's metadata and its name, with the origin of each column. */
export function describeFile(place: Place, audio: AudioFacts, name: NameFacts): FileRow {
  const sources = { audio, name };
  const origins: Record<string, string> = {};
  const noted = <Value>(
    column: keyof FileRow,
    said: SourcedValue<Value> | null | undefined,
  ): Value | null => {
    if (!said) return null;
    origins[column] = said.from;
    return said.value;
  };
  const list = (column: keyof FileRow, said: SourcedValue<string[]> | null): string | null =>
    said && JSON.stringify(noted(column, said));
  return {
    path: place.path,
    root: place.root,
    folder: place.folder,
    file: place.file,
    title: noted('title', chooseTitle(sources, place.file)),
    bpm: noted('bpm', chooseTempo(sources)),
    musical_key: noted('musical_key', chooseKey(sources)),
    genre: noted('genre', chooseGenre(audio)),
    pack: noted('pack', fromName(name, 'pack')),
    kind: noted('kind', chooseKind(sources)),
    instruments: list('instruments', chooseInstruments(name)),
    tags: list('tags', chooseWords(audio)),
    artist: noted('artist', audio.artist),
    album: noted('album', audio.album),
    root_note: noted('root_note', chooseRootNote(audio)),
    duration: audio.duration,
    channels: audio.channels,
    sample_rate: audio.sampleRate,
    format: audio.format,
    size: place.size,
    mtime: new Date(Number(place.mtime.slice(0, -6))).toISOString(),
    origins: JSON.stringify(origins),
  };
}

/** Default titles of programs. */
const PLACEHOLDER = /^(untitled|unknown|no title|track|audio|title|new project|default)[\s_-]*\d*$/i;

/**
 * Uses the title tag only if there is an artist: then the file is a track. In a sample, the tag mostly names the
 * project that the sample was exported from, and the file's name says more.
 */
function chooseTitle({ audio, name }: Sources, file: string): SourcedValue {
  const { title, artist } = audio;
  if (title && artist && !PLACEHOLDER.test(title.value)) return title;
  return { value: name.title.trim() || file, from: 'file name' };
}

const chooseGenre = ({ genre }: AudioFacts): SourcedValue | null =>
  genre && !/^(other|unknown|undefined|none|default|genre|\(?\d+\)?)$/i.test(genre.value) ? genre : null;

/** Prefers the name, which a person wrote. A chunk's flag may be a program's default. */
function chooseKind({ audio: { loop, duration }, name }: Sources): SourcedValue | null {
  const said = fromName(name, 'kind');
  if (said) return said;
  if (loop?.oneShot) return { value: 'one-shot', from: loop.from };
  if (loop?.tempo && loop.beats && isWholeBars(loop.tempo, duration))
    return { value: 'loop', from: loop.from };
  return null;
}

const chooseInstruments = ({ instruments, from }: NameFacts): SourcedValue<string[]> | null =>
  instruments.length === 0 ? null : { value: instruments, from: from.instruments ?? 'file name' };

const chooseRootNote = ({ rootNote }: AudioFacts): SourcedValue | undefined =>
  rootNote && { value: noteName(rootNote.value), from: rootNote.from };
