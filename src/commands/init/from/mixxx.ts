import {
  firstOf,
  type LibraryField,
  type LibraryForm,
  linesOf,
  selected,
  type Tables,
  tempoOf,
  titleOfFile,
} from './library-form.js';

/** Mixxx's key numbers, from 1: twelve major keys, then twelve minor ones. */
const NOTES = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];
const MINOR = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'G#', 'A', 'Bb', 'B'];
const KEYS = [...NOTES, ...MINOR.map((note) => `${note}m`)];

/** Returns the form of Mixxx's mixxxdb.sqlite, from schema 3 on; columns that a version lacks are left out. */
export function mixxxForm(tables: Tables): LibraryForm {
  const { has } = tables;
  const own = (name: string, line: string): LibraryField[] =>
    has('library', name) ? [{ name, sql: firstOf(`library.${name}`), line }] : [];
  const file = 'track_locations.filename';
  const fields: LibraryField[] = [
    {
      name: 'title',
      sql: `coalesce(nullif(library.title, ''), ${titleOfFile(file)})`,
      line: 'Title: {title}',
    },
    ...own('artist', 'Artist: {artist}'),
    ...own('album', 'Album: {album}'),
    ...own('genre', 'Genre: {genre}'),
    { name: 'bpm', sql: tempoOf('library.bpm'), line: 'BPM: {bpm | round}' },
    ...keyFields(tables),
    ...own('grouping', 'Grouping: {grouping}'),
    ...(has('crate_tracks', 'crate_id', 'track_id') && has('crates', 'name')
      ? [{ name: 'crates', sql: CRATES, line: 'Crates: {crates | join(", ")}' }]
      : []),
    ...own('comment', 'Comment: {comment | truncate(500)}'),
    { name: 'duration', sql: 'library.duration' },
    { name: 'path', sql: 'track_locations.location' },
  ];
  const names = fields.map(({ name }) => name);
  return {
    select: [
      selected('library.id', fields),
      'FROM library',
      'JOIN track_locations ON track_locations.id = library.location',
      'WHERE coalesce(library.mixxx_deleted, 0) = 0 AND coalesce(track_locations.fs_deleted, 0) = 0',
    ].join('\n'),
    notes: [
      'id: the number of the track. Mixxx keeps it when a file is moved, renamed or retagged; the path can change.',
      'Tracks that are hidden in Mixxx, and those whose file is missing, are left out.',
    ],
    text: linesOf(fields),
    show: ['title', 'artist', 'genre', 'bpm', 'musical_key'].filter((name) => names.includes(name)),
    filters: names.filter((name) => name !== 'comment'),
    file: 'path',
    left: tables
      .columnsOf('library')
      .filter((column) => /^(?:composer|year|tracknumber|rating|timesplayed)$/i.test(column)),
  };
}

/**
 * Crate names in alphabetical order, which a Mixxx index provides. Another order would make another text, which would
 * be paid for again; without the index each page would sort them.
 */
const CRATES =
  "nullif((SELECT json_group_array(name) FROM (SELECT name FROM crates WHERE EXISTS (SELECT 1 FROM crate_tracks WHERE crate_id = crates.id AND track_id = library.id) ORDER BY name)), '[]')";

/** `key` is what the file's tag or the user wrote (`8A`, `Am`); `key_id` is how Mixxx interpreted it. */
function keyFields({ has }: Tables): LibraryField[] {
  const line = 'Key: {musical_key}';
  const written = has('library', 'key') ? firstOf('library.key') : 'NULL';
  if (!has('library', 'key_id')) return [{ name: 'musical_key', sql: written, line }];
  const cases = KEYS.map((key, index) => `WHEN ${index + 1} THEN '${key}'`).join(' ');
  return [
    { name: 'musical_key', sql: `CASE library.key_id ${cases} ELSE ${written} END`, line },
    {
      name: 'scale',
      sql: "CASE WHEN library.key_id BETWEEN 1 AND 12 THEN 'major' WHEN library.key_id BETWEEN 13 AND 24 THEN 'minor' END",
      line: 'Scale: {scale}',
    },
  ];
}
