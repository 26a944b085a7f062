import { COLUMN_NAMES, squashed } from '../collections/column-meanings.js';

/** The roles of columns; `file` is the sample's path, `description` a person's words. */
export const ROLES = [
  'id',
  'title',
  'file',
  'artist',
  'album',
  'pack',
  'genre',
  'bpm',
  'key',
  'scale',
  'mood',
  'energy',
  'type',
  'instruments',
  'tags',
  'description',
] as const;
export type Role = (typeof ROLES)[number];

/** Columns by role. */
export type Matched = Partial<Record<Role, string>>;

/** Names of each role's column, as lower-case letters and digits only. If a file has several, the first one counts. */
const NAMES: Readonly<Record<Role, readonly string[]>> = {
  id: [
    ...[
      'id',
      'sampleid',
      'trackid',
      'soundid',
      'fileid',
      'uid',
      'uuid',
      'guid',
      'filehash',
      'hash',
      'sha256',
      'sha1',
      'md5',
    ],
    ...[
      'path',
      'filepath',
      'fullpath',
      'samplepath',
      'localpath',
      'location',
      'uri',
      'url',
      'filename',
      'file',
    ],
  ],
  title: [
    'title',
    'name',
    'samplename',
    'sampletitle',
    'trackname',
    'tracktitle',
    'songname',
    'songtitle',
    'soundname',
    'sample',
  ],
  file: ['path', 'filepath', 'fullpath', 'samplepath', 'localpath', 'location', 'filename', 'file'],
  artist: ['artist', 'artists', 'artistname', 'artistnames', 'creator', 'author'],
  album: ['album', 'albumname', 'albumtitle', 'release'],
  pack: ['pack', 'packname', 'samplepack', 'library', 'collection', 'kit'],
  genre: COLUMN_NAMES.genre,
  bpm: COLUMN_NAMES.bpm,
  key: COLUMN_NAMES.key,
  scale: ['scale', 'chordtype', 'keyscale', 'keymode'],
  mood: COLUMN_NAMES.mood,
  energy: COLUMN_NAMES.energy,
  type: ['sampletype', 'type', 'kind', 'category'],
  instruments: ['instrument', 'instruments', 'instrumentname'],
  tags: COLUMN_NAMES.tags,
  description: ['description', 'comment', 'comments', 'notes', 'desc', 'caption'],
};

/** rekordbox's attributes. Kind and Label have no role: they are the kind of file and the record company. */
export const REKORDBOX: Matched = {
  id: 'TrackID',
  title: 'Name',
  file: 'Location',
  artist: 'Artist',
  album: 'Album',
  genre: 'Genre',
  bpm: 'AverageBpm',
  key: 'Tonality',
  description: 'Comments',
};

/** Returns the column of each role, by its name. `said`, which a person gave, takes precedence. */
export function matchColumns(columns: readonly string[], said: Matched = {}): Matched {
  const byName = new Map<string, string>();
  for (const column of columns) if (!byName.has(squashed(column))) byName.set(squashed(column), column);
  const matched: Matched = {};
  for (const role of ROLES) {
    const name = said[role] ?? NAMES[role].map((each) => byName.get(each)).find((each) => each !== undefined);
    if (name !== undefined) matched[role] = name;
  }
  return matched;
}
