import type { AudioFacts, SourcedValue } from '../audio/facts.js';
import type { LeftOutTag } from '../index-file/origins.js';
import type { FILE_COLUMNS } from '../index-file/schema.js';
import type { NameFacts } from '../names/index.js';
import { chooseKey, noteName } from './key.js';
import { fromName, type Sources, withContradiction } from './sourced-value.js';
import { chooseTempo, isWholeBars } from './tempo.js';
import { chooseTitles } from './title.js';
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
  const leftOut: LeftOutTag[] = [];
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
  /** Names the tag that was not understood: it is left out, or contradicts what is known from elsewhere. */
  const withUnread = <Value>(
    field: LeftOutTag['field'],
    chosen: SourcedValue<Value> | null,
    unread: SourcedValue | undefined,
  ): SourcedValue<Value> | null => {
    if (unread === undefined) return chosen;
    if (chosen !== null) return withContradiction<unknown>(chosen, unread) as SourcedValue<Value>;
    leftOut.push({ field, ...unread });
    return null;
  };
  const { title, besides } = chooseTitles(sources, place.file);
  const comments = besides === null ? audio.comments : [besides, ...audio.comments];
  const row = {
    path: place.path,
    root: place.root,
    folder: place.folder,
    file: place.file,
    title: noted('title', title),
    bpm: noted('bpm', withUnread('bpm', chooseTempo(sources), audio.unread?.bpm)),
    musical_key: noted('musical_key', withUnread('musical_key', chooseKey(sources), audio.unread?.key)),
    genre: noted('genre', chooseGenre(audio)),
    pack: noted('pack', fromName(name, 'pack')),
    kind: noted('kind', chooseKind(sources)),
    instruments: list('instruments', chooseInstruments(name)),
    tags: list('tags', chooseWords({ ...audio, comments })),
    artist: noted('artist', audio.artist),
    album: noted('album', audio.album),
    root_note: noted('root_note', chooseRootNote(audio)),
    duration: audio.duration,
    channels: audio.channels,
    sample_rate: audio.sampleRate,
    format: audio.format,
    size: place.size,
    mtime: new Date(Number(place.mtime.slice(0, -6))).toISOString(),
  };
  return { ...row, origins: JSON.stringify(leftOut.length === 0 ? origins : { ...origins, leftOut }) };
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
