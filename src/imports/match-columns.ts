/** What a column may be; `file` is where the sample lies, `description` words of a person. */
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

/** Columns by what they are. */
export type Matched = Partial<Record<Role, string>>;

/** Names as they are compared: small letters and digits alone. Of several that are there, the first one counts. */
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
  genre: ['genre', 'genres', 'maingenre'],
  bpm: ['bpm', 'tempo', 'averagebpm', 'beatsperminute'],
  key: ['musicalkey', 'initialkey', 'key', 'audiokey', 'tonality', 'keyname', 'rootkey'],
  scale: ['scale', 'chordtype', 'keyscale', 'keymode'],
  mood: ['mood', 'moods', 'moodprimary', 'vibe'],
  energy: ['energy', 'energylevel'],
  type: ['sampletype', 'type', 'kind', 'category'],
  instruments: ['instrument', 'instruments', 'instrumentname'],
  tags: ['tags', 'tag', 'keywords', 'keyword', 'usertags', 'sampletags'],
  description: ['description', 'comment', 'comments', 'notes', 'desc', 'caption'],
};

/** rekordbox's attributes; its Kind is the kind of file, and its Label a record company. */
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

const squashed = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** What each column is, by its name; what a person said counts first. */
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
