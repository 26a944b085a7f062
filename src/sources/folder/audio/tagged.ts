import type { IAudioMetadata } from 'music-metadata';
import type { Bytes } from './bytes.js';
import { type AudioFacts, NoAudio, type Said } from './facts.js';
import { clean } from './text.js';

/** A parser that asks for more at once was misled by a size in the file; pictures and sound are never asked for. */
const MOST_AT_ONCE = 16 * 1_048_576;
const WINDOW = 65_536;

/** FLAC, MP3, Ogg, MP4, WMA and whatever else music-metadata knows. Throws NoAudio. */
export async function readTagged(bytes: Bytes, extension: string): Promise<AudioFacts> {
  const { parseBlob } = await import('music-metadata');
  let parsed: IAudioMetadata;
  try {
    parsed = await parseBlob(asBlob(bytes, extension), { skipCovers: true, duration: false });
  } catch (error) {
    if (isFromDisk(error)) throw error;
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
    throw new NoAudio(`is no audio that can be read (${reason})`);
  }
  const { format } = parsed;
  if (!format.sampleRate || format.hasAudio === false) throw new NoAudio('holds no sound');
  const facts: AudioFacts = {
    format: formatName(format.container, format.codec, extension),
    duration: format.duration !== undefined && Number.isFinite(format.duration) ? format.duration : null,
    channels: format.numberOfChannels ?? null,
    sampleRate: format.sampleRate,
    words: [],
    comments: [],
  };
  takeTags(parsed, facts);
  return facts;
}

const isFromDisk = (error: unknown): boolean => (error as NodeJS.ErrnoException).syscall !== undefined;

/** What music-metadata takes for a Blob: it asks for slices of it. */
function asBlob(bytes: Bytes, extension: string): Blob {
  let window: { at: number; bytes: Buffer } = { at: 0, bytes: Buffer.alloc(0) };
  const slice = async (from: number, to: number): Promise<ArrayBuffer> => {
    if (to - from > MOST_AT_ONCE) throw new Error('a size in its header is wrong');
    const within = (): boolean => from >= window.at && to <= window.at + window.bytes.length;
    if (!within()) window = { at: from, bytes: await bytes.read(from, Math.max(WINDOW, to - from)) };
    const part = window.bytes.subarray(from - window.at, to - window.at);
    return part.buffer.slice(part.byteOffset, part.byteOffset + part.length) as ArrayBuffer;
  };
  return {
    size: bytes.stamp.size,
    type: MIME[extension] ?? '',
    slice: (from: number, to: number) => ({ arrayBuffer: () => slice(from, to) }),
  } as unknown as Blob;
}

/** Where the first bytes alone do not tell, the name's ending helps. */
const MIME: Record<string, string> = {
  mp3: 'audio/mpeg',
  mp2: 'audio/mpeg',
  aac: 'audio/aac',
  mpc: 'audio/musepack',
};

const NAMES: [RegExp, string][] = [
  [/^flac$/i, 'FLAC'],
  [/opus/i, 'Opus'],
  [/vorbis|^ogg/i, 'Ogg'],
  [/^adts|^aac$/i, 'AAC'],
  [/^mpeg$|layer 3/i, 'MP3'],
  [/m4a|mp4|isom/i, 'M4A'],
  [/^asf/i, 'WMA'],
];

function formatName(container = '', codec = '', extension: string): string {
  for (const text of [codec, container]) {
    const name = NAMES.find(([pattern]) => pattern.test(text))?.[1];
    if (name) return name;
  }
  return extension.toUpperCase();
}

/** How the kinds of tags are called, after music-metadata's names of them. */
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
];

/** Ids of tags, without letter case, that fill a column; the first of a row that is there counts. */
const TAGS = {
  title: ['TIT2', 'TT2', 'TITLE', '©nam', 'NAME', 'INAM'],
  artist: ['TPE1', 'TP1', 'ARTIST', 'AUTHOR', '©ART', 'AUTH', 'IART'],
  album: ['TALB', 'TAL', 'ALBUM', 'WM/AlbumTitle', '©alb', 'IPRD'],
  genre: ['TCON', 'TCO', 'GENRE', 'WM/Genre', '©gen', 'gnre', 'IGNR'],
  bpm: ['TBPM', 'TBP', 'BPM', 'TEMPO', 'tmpo', 'WM/BeatsPerMinute', 'TXXX:BPM', '----:com.apple.iTunes:BPM'],
  key: [
    'TKEY',
    'TKE',
    'INITIALKEY',
    'INITIAL KEY',
    'KEY',
    'WM/InitialKey',
    '----:com.apple.iTunes:initialkey',
    '----:com.apple.iTunes:KEY',
    'TXXX:INITIALKEY',
    'TXXX:KEY',
  ],
} as const;
const lowerCase = (ids: readonly string[]) => new Set(ids.map((id) => id.toLowerCase()));
const WORDS = lowerCase([
  ...['TMOO', 'MOOD', 'WM/Mood', 'TXXX:MOOD', '----:com.apple.iTunes:MOOD'],
  ...['TKWD', 'KEYWORDS', 'KEYWORD', 'keyw', 'TXXX:KEYWORDS', 'TXXX:TAGS', 'TAGS', 'IKEY'],
  ...['TIT1', 'GRP1', 'GROUPING', 'CONTENTGROUP', '©grp', 'WM/ContentGroupDescription'],
]);
const COMMENTS = lowerCase(['COMM', 'COM', 'COMMENT', 'DESCRIPTION', '©cmt', 'desc', 'ANNO', 'ICMT']);

/** From the tags as the file has them, so that a row can say which one filled it. */
export function takeTags({ native, common }: IAudioMetadata, facts: AudioFacts): void {
  const said = new Map<string, Said>();
  for (const [type, tags] of Object.entries(native)) {
    const kind = KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? `${type} tag`;
    for (const { id, value } of tags) {
      const text = textOfTag(value);
      if (text === undefined) continue;
      const key = id.toLowerCase();
      const one: Said = {
        value: text,
        from: `${kind} ${id.replace(/^(TXXX|----:com\.apple\.iTunes):/, '')}`,
      };
      // ID3v1 comes after, cut to 30 letters; what a newer tag says stays.
      if (!said.has(key)) said.set(key, one);
      if (kind === 'ID3v1 tag') continue;
      if (WORDS.has(key)) facts.words.push(one);
      else if (COMMENTS.has(key)) facts.comments.push(one);
    }
  }
  const first = (ids: readonly string[]): Said | undefined =>
    ids.map((id) => said.get(id.toLowerCase())).find((one) => one !== undefined);
  for (const field of ['title', 'artist', 'album', 'genre', 'key'] as const) {
    const one = first(TAGS[field]);
    if (one) facts[field] ??= one;
  }
  // ID3 may have a number for it.
  const genre = clean(common.genre?.[0]);
  if (facts.genre && genre && facts.genre === first(TAGS.genre))
    facts.genre = { ...facts.genre, value: genre };
  const bpm = first(TAGS.bpm);
  const beats = Number(bpm?.value.replace(',', '.'));
  if (bpm && beats > 0) facts.bpm ??= { value: beats, from: bpm.from };
}

function textOfTag(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return textOfTag(value[0]);
  if (typeof value === 'object' && value !== null && 'text' in value) return clean(value.text);
  return clean(value);
}
