import type { DiskPath } from '../disk/paths.js';
import type { FileStamp } from '../disk/stat.js';
import { isAiff, readAiff } from './aiff.js';
import { type Bytes, withFile } from './bytes.js';
import { isCaf, readCaf } from './caf.js';
import { contentHash } from './content-hash.js';
import { type AudioFacts, NoAudio } from './facts.js';
import { readTagged } from './tagged.js';
import { isW64, readW64 } from './w64.js';
import { isWav, readWav } from './wav.js';

export interface ReadFile {
  stamp: FileStamp;
  hash: string;
  /** Null when the file is not a sample; `problem` is the reason. */
  facts: AudioFacts | null;
  problem: string | null;
}

/** Reads a file's metadata, and the hash that identifies it after a move. Throws the file system's errors. */
export const readAudio = (path: DiskPath, name: string): Promise<ReadFile> =>
  withFile(path, async (bytes) => {
    const { stamp } = bytes;
    const hash = await contentHash(bytes);
    try {
      if (stamp.size === 0) throw new NoAudio('is empty');
      const facts = plausible(await read(bytes, /\.([^.]*)$/.exec(name)?.[1]?.toLowerCase() ?? ''));
      return { stamp, hash, facts, problem: facts.flaw ?? null };
    } catch (error) {
      if (!(error instanceof NoAudio)) throw error;
      return { stamp, hash, facts: null, problem: error.message };
    }
  });

/** Replaces implausible numbers by null: for damaged files, parsers may return any number. */
const plausible = (facts: AudioFacts): AudioFacts => ({
  ...facts,
  duration: within(facts.duration, 0, LONGEST),
  channels: within(facts.channels, 1, 1024),
  sampleRate: within(facts.sampleRate, 1, 10_000_000),
});
/** Four years, in seconds. */
const LONGEST = 126_230_400;
const within = (value: number | null, least: number, most: number): number | null =>
  value !== null && value >= least && value <= most ? value : null;

/** Chooses the parser by the file's content, not by its name: an MP3 called .wav is an MP3. */
async function read(bytes: Bytes, extension: string): Promise<AudioFacts> {
  const head = await bytes.read(0, 64);
  if (isWav(head)) return readWav(bytes);
  if (isAiff(head)) return readAiff(bytes);
  if (isCaf(head)) return readCaf(bytes);
  if (isW64(head)) return readW64(bytes);
  if (isText(await bytes.read(0, 512))) throw new NoAudio('is a text file');
  return readTagged(bytes, extension);
}

/** Returns whether the head is printable ASCII, which no audio format begins with. */
const isText = (head: Buffer): boolean =>
  head.length > 0 && /^[\t\n\r\x20-\x7e]*$/.test(head.toString('latin1'));
