/**
 * `files` is the catalog: a row for each sample, for anybody to read. The other tables are the index's own:
 * `folders`, a row for each folder that held audio files; `entries`, a row for each audio file that was read, samples or
 * not; `state`, one row.
 */

/** Marks the file as ours (`PRAGMA application_id`). */
export const APPLICATION_ID = 0x53_45_69_78;
/** Of the tables below (`PRAGMA user_version`). */
export const SCHEMA_VERSION = 1;
/** Raise it when files would be understood better: files that an older reader read are read again. */
export const READER_VERSION = 6;

/** The columns of `files` besides its id, with their SQLite types. */
export const FILE_COLUMNS = {
  /** Absolute, as it lies on the disk; a `file:` URL of its bytes if it is not UTF-8. */
  path: 'text not null',
  /** The root that it was found in. */
  root: 'text not null',
  /** Below the root, without the name; empty in the root itself. */
  folder: 'text not null',
  file: 'text not null',
  title: 'text not null',
  bpm: 'real',
  musical_key: 'text',
  genre: 'text',
  pack: 'text',
  /** `loop` or `one-shot`. */
  kind: 'text',
  /** JSON list. */
  instruments: 'text',
  /** JSON list: mood, keywords, grouping and comment of the tags; a title tag that is not the title. */
  tags: 'text',
  artist: 'text',
  album: 'text',
  /** The note that a sampler plays it at, without its octave: `F#`. */
  root_note: 'text',
  /** Seconds. */
  duration: 'real',
  channels: 'integer',
  sample_rate: 'integer',
  format: 'text',
  /** Bytes. */
  size: 'integer not null',
  /** ISO time, UTC. */
  mtime: 'text not null',
  /** JSON: field → where it comes from, as `{"bpm": "acid chunk"}`; under `leftOut` tags that were not understood. */
  origins: 'text not null',
} as const;

const columns = Object.entries(FILE_COLUMNS)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ');

export const SCHEMA: readonly string[] = [
  `create table files (id integer primary key, ${columns})`,
  // names: hash of the names that its rows were described by; null: not all of them are.
  `create table folders (
    id integer primary key,
    key text not null unique,
    root text not null,
    shown text not null,
    device text not null,
    names text)`,
  // mtime: nanoseconds, in decimal. sample: the id in files, null where the file is none. problem: what is wrong with it.
  `create table entries (
    id integer primary key,
    folder integer not null references folders,
    name text not null,
    shown text not null,
    size integer not null,
    mtime text not null,
    hash text,
    sample integer,
    facts text,
    problem text,
    reader integer not null,
    unique (folder, name))`,
  'create index entries_by_hash on entries (hash)',
  // finished: when the roots were last looked at as a whole; null: never yet. understood: JSON, what the rows have filled.
  'create table state (roots text not null, finished text, understood text)',
  "insert into state (roots) values ('[]')",
];
