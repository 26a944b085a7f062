import { hash } from 'node:crypto';
import { readAsWav, wavSize } from './as-wav.js';
import { FileChanged, type FoundFile, openFound, type SoundFile } from './open-file.js';
import type { PcmSound } from './pcm.js';
import { type Recognised, recognise } from './recognise.js';
import { NoSound, refusal, refusalOf, type SoundRefusal } from './refusal.js';
import { pcmIn, soundIn } from './sound-in.js';

/** Bytes that can be asked for in any range. It holds no file open: only a `read` that is under way does. */
export interface SoundBytes {
  kind: 'sound';
  /** Media type. */
  type: string;
  /** A file's name for people, not yet safe for a header. */
  name: string;
  /** Bytes. */
  size: number;
  /** Strong, with its quotes. Another file, another time of change and another way of conversion have another one. */
  etag: string;
  lastModified: Date;
  /**
   * The bytes `from` ≤ b < `to`. The file is closed at the end, by `return()` and by an error; it is opened with the
   * first `next()`. Throws FileChanged, and where the file ends early or cannot be read.
   */
  read(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined>;
}

/** Raise it when other bytes are made of the same file. */
const CONVERSION = 1;
/** Bytes that are read at once. */
const BLOCK = 131_072;

/** The sound in a form that browsers play: the file's own bytes, or a 16-bit WAV that is made while it is read. */
export const openPlayable = (found: FoundFile): Promise<SoundBytes | SoundRefusal> =>
  looking(found, async (file) => {
    const recognised = await recognise(file);
    const pcm = await pcmToConvert(file, recognised);
    return pcm === null ? original(found, recognised) : converted(found, pcm);
  });

/** The file's own bytes, of any form of sound. */
export const openOriginal = (found: FoundFile): Promise<SoundBytes | SoundRefusal> =>
  looking(found, async (file) => original(found, await soundIn(file)));

async function looking(
  found: FoundFile,
  look: (file: SoundFile) => Promise<SoundBytes>,
): Promise<SoundBytes | SoundRefusal> {
  let file: SoundFile | null = null;
  try {
    file = await openFound(found);
    return await look(file);
  } catch (error) {
    if (error instanceof NoSound) return refusal(error.kind, [], error.message);
    if (error instanceof FileChanged)
      return refusal('gone', [], 'The file has just been replaced: try again.');
    return refusalOf(error as NodeJS.ErrnoException);
  } finally {
    await file?.close();
  }
}

/** Null: browsers play the file as it is. Throws NoSound. */
async function pcmToConvert(file: SoundFile, recognised: Recognised): Promise<PcmSound | null> {
  if (recognised.form === 'unplayed')
    throw new NoSound(
      'unplayable',
      `The file is ${recognised.name}, which browsers do not play: download it, or convert it to WAV or FLAC.`,
    );
  const found = await pcmIn(file, recognised);
  return found === null || found.plain ? null : found.pcm;
}

const original = (found: FoundFile, { type }: { type: string }): SoundBytes => ({
  kind: 'sound',
  type,
  name: found.name,
  size: found.size,
  ...stampOf(found, 'file'),
  read: (from, to) =>
    withOpen(found, async function* (file) {
      for (let at = from; at < to; ) {
        const bytes = await file.read(at, Math.min(BLOCK, to - at));
        if (bytes.length === 0) throw new FileChanged('the file has become shorter while it was read');
        yield bytes;
        at += bytes.length;
      }
    }),
});

const converted = (found: FoundFile, pcm: PcmSound): SoundBytes => ({
  kind: 'sound',
  type: 'audio/wav',
  name: `${found.name.replace(/\.[^.]*$/, '')}.wav`,
  size: wavSize(pcm),
  ...stampOf(found, `wav-${CONVERSION}`),
  read: (from, to) => withOpen(found, (file) => readAsWav(file, pcm, from, to)),
});

async function* withOpen(
  found: FoundFile,
  read: (file: SoundFile) => AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await openFound(found);
  try {
    yield* read(file);
  } finally {
    await file.close();
  }
}

/** The device is left out: its number changes when a disk is connected again. */
function stampOf({ size, mtimeNs, ino }: FoundFile, form: string): Pick<SoundBytes, 'etag' | 'lastModified'> {
  const digest = hash('sha256', `${form} ${size} ${mtimeNs} ${ino}`, 'base64url').slice(0, 22);
  return { etag: `"${digest}"`, lastModified: new Date(Number(mtimeNs / 1_000_000n)) };
}
