/** What the columns of many catalogs hold, whatever they are called. */
export type Meaning = keyof typeof NAMES;

/** Names of the columns, as lower-case letters and digits only. If a catalog has several, the first one counts. */
const NAMES = {
  genre: ['genre', 'genres', 'maingenre'],
  bpm: ['bpm', 'tempo', 'averagebpm', 'beatsperminute'],
  key: ['musicalkey', 'initialkey', 'key', 'audiokey', 'tonality', 'keyname', 'rootkey'],
  mood: ['mood', 'moods', 'moodprimary', 'vibe'],
  energy: ['energy', 'energylevel'],
  danceability: ['danceability', 'danceable'],
  /** Seconds. */
  duration: ['duration', 'length', 'seconds', 'durationseconds', 'lengthseconds', 'totaltime'],
  tags: ['tags', 'tag', 'keywords', 'keyword', 'usertags', 'sampletags'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export const COLUMN_NAMES: Readonly<Record<Meaning, readonly string[]>> = NAMES;

/** Returns a column's name as these lists write it. */
export const squashed = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** Returns the columns with this meaning, in the order of the list. */
export function columnsWith(meaning: Meaning, columns: readonly string[]): string[] {
  const names = columns.map(squashed);
  return COLUMN_NAMES[meaning].flatMap((name) => columns[names.indexOf(name)] ?? []);
}
