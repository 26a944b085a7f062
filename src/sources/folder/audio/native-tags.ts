import type { AudioFacts, SourcedValue } from './facts.js';
import { takeKey, takeTempo } from './tempo-and-key-tags.js';
import { clean } from './text.js';

/** Display names of tag types, by music-metadata's names. */
const KINDS: [RegExp, string][] = [
  [/^ID3v1/, 'ID3v1 tag'],
  [/^ID3v2/, 'ID3 tag'],
  [/^vorbis/, 'Vorbis comment'],
  [/^iTunes/, 'MP4 tag'],
  [/^APE/, 'APE tag'],
  [/^asf/, 'WMA tag'],
  [/^exif/, 'RIFF INFO tag'],
  [/^AIFF/, 'AIFF chunk'],
  [/^matroska/, 'Matroska tag'],
  [/^CAF/, 'CAF info'],
];

/**
 * Ids of the tags that fill a column, ignoring letter case, spaces and `_`. The first id of a list that the file has is
 * used; of tempo and key, the first that holds one.
 */
const TAGS = {
  title: ['TIT2', 'TT2', 'TITLE', '©nam', 'NAME', 'INAM'],
  artist: ['TPE1', 'TP1', 'ARTIST', 'AUTHOR', '©ART', 'AUTH', 'IART'],
  album: ['TALB', 'TAL', 'ALBUM', 'WM/AlbumTitle', '©alb', 'IPRD'],
  genre: ['TCON', 'TCO', 'GENRE', 'WM/Genre', '©gen', 'gnre', 'IGNR'],
  bpm: ['TBPM', 'TBP', 'BPM', 'TEMPO', 'tmpo', 'WM/BeatsPerMinute'],
  key: ['TKEY', 'TKE', 'INITIALKEY', 'KEY', 'WM/InitialKey', 'KEY SIGNATURE'],
} as const;
const spelled = (id: string): string => id.toLowerCase().replace(/[ _]/g, '');
const allSpelled = (ids: readonly string[]) => new Set(ids.map(spelled));
const WORDS = allSpelled([
  ...['TMOO', 'MOOD', 'WM/Mood'],
  ...['TKWD', 'KEYWORDS', 'KEYWORD', 'keyw', 'TAGS', 'IKEY'],
  ...['TIT1', 'GRP1', 'GROUPING', 'CONTENTGROUP', '©grp', 'WM/ContentGroupDescription'],
]);
const COMMENTS = allSpelled([
  'COMM',
  'COM',
  'COMMENT',
  'COMMENTS',
  'DESCRIPTION',
  '©cmt',
  'desc',
  'ANNO',
  'ICMT',
]);

/** Takes the file's tags by type, so that a row can name the tag that filled a column. Keeps values that are set. */
export function takeNative(
  native: Record<string, readonly { id: string; value?: unknown }[]>,
  facts: AudioFacts,
): void {
  const said = new Map<string, SourcedValue>();
  for (const [type, tags] of Object.entries(native)) {
    const kind = KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? `${type} tag`;
    for (const { id, value } of tags) {
      const text = textOfTag(value);
      if (text === undefined) continue;
      const name = id.replace(/^(TXXX|----:com\.apple\.iTunes|track|segment|album):/, '');
      const key = spelled(name);
      const one: SourcedValue = {
        value: text,
        from: `${kind} ${name}`,
      };
      // ID3v1 comes after, cut to 30 letters. The value of a newer tag stays.
      if (!said.has(key)) said.set(key, one);
      if (kind === 'ID3v1 tag') continue;
      if (WORDS.has(key)) facts.words.push(one);
      else if (COMMENTS.has(key)) facts.comments.push(one);
    }
  }
  const all = (ids: readonly string[]): SourcedValue[] =>
    ids.map((id) => said.get(spelled(id))).filter((one) => one !== undefined);
  for (const field of ['title', 'artist', 'album', 'genre'] as const) {
    const [one] = all(TAGS[field]);
    if (one) facts[field] ??= one;
  }
  takeTempo(all(TAGS.bpm), facts);
  takeKey(all(TAGS.key), facts);
}

function textOfTag(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return textOfTag(value[0]);
  if (typeof value === 'object' && value !== null && 'text' in value) return clean(value.text);
  return clean(value);
}
