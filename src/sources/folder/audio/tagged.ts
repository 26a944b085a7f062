import type { IAudioMetadata } from 'music-metadata';
import type { Bytes } from './bytes.js';
import { type AudioFacts, NoAudio } from './facts.js';
import { takeNative } from './native-tags.js';
import { clean } from './text.js';
import { withSynchronisedTag } from './unsynchronisation.js';

/** Bytes. A parser that requests more was misled by a size in the file, since it skips pictures and sound. */
const MOST_AT_ONCE = 16 * 1_048_576;
const WINDOW = 65_536;
/** Files up to this many bytes are read as a whole if only that gives their duration. */
const MOST_COUNTED = 8 * 1_048_576;

/** Reads FLAC, MP3, Ogg, MP4, WMA and all other formats that music-metadata knows. Throws NoAudio. */
export async function readTagged(bytes: Bytes, extension: string): Promise<AudioFacts> {
  const { parseBlob } = await import('music-metadata');
  let parsed: IAudioMetadata;
  try {
    const plain = await withSynchronisedTag(bytes);
    const parse = (duration: boolean) => parseBlob(asBlob(plain, extension), { skipCovers: true, duration });
    parsed = await parse(false);
    // The duration of some files is known only after all frames are read.
    if (parsed.format.duration === undefined && bytes.stamp.size <= MOST_COUNTED) parsed = await parse(true);
  } catch (error) {
    if (isFromDisk(error)) throw error;
    throw new NoAudio('is no audio that can be read');
  }
  const { format } = parsed;
  if (format.hasAudio === false || !(format.sampleRate || format.duration))
    throw new NoAudio('holds no sound');
  // Random data may contain bytes that look like the begin of a frame.
  if (/^(MPEG|ADTS)/.test(format.container ?? '') && !beginsAsMpeg(await bytes.read(0, 4096)))
    throw new NoAudio('is no audio that can be read');
  const facts: AudioFacts = {
    format: formatName(format.container, format.codec, extension),
    duration: format.duration !== undefined && Number.isFinite(format.duration) ? format.duration : null,
    channels: format.numberOfChannels ?? null,
    sampleRate: format.sampleRate ?? null,
    words: [],
    comments: [],
    // Some of these formats do tell it. music-metadata does not say which.
    openEnd: true,
  };
  takeTags(parsed, facts);
  return facts;
}

const isFromDisk = (error: unknown): boolean => (error as NodeJS.ErrnoException).syscall !== undefined;

/** Returns whether the head is an ID3 tag, an APE tag or a frame, after zeros if any. */
const beginsAsMpeg = (head: Buffer): boolean =>
  /^\0*(ID3|APETAGEX|\xff[\xe0-\xff])/.test(head.toString('latin1'));

/** Returns an object that music-metadata accepts as a Blob: it only requests slices. */
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

/** Types by file extension, for formats that the first bytes alone do not identify. */
const MIME: Record<string, string> = {
  mp3: 'audio/mpeg',
  mp2: 'audio/mpeg',
  aac: 'audio/aac',
  mpc: 'audio/musepack',
};

const NAMES: [RegExp, string][] = [
  [/matroska/i, 'Matroska'],
  [/flac/i, 'FLAC'],
  [/opus/i, 'Opus'],
  [/^ogg/i, 'Ogg'],
  [/^adts|^aac/i, 'AAC'],
  [/^mpeg |layer 3/i, 'MP3'],
  [/m4a|mp4|isom/i, 'M4A'],
  [/^asf/i, 'WMA'],
];

function formatName(container = '', codec = '', extension: string): string {
  const name = NAMES.find(([pattern]) => pattern.test(`${container} ${codec}`))?.[1];
  return name ?? extension.toUpperCase();
}

/** Takes the tags that music-metadata found. */
export function takeTags({ native, common }: IAudioMetadata, facts: AudioFacts): void {
  const { genre: before } = facts;
  takeNative(native, facts);
  // An ID3 tag may hold a number. `common` has the genre's name.
  const genre = clean(common.genre?.[0]);
  if (genre && facts.genre && facts.genre !== before) facts.genre = { ...facts.genre, value: genre };
}
