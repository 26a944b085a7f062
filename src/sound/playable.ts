import { hash } from 'node:crypto';
import { readAsWav, wavSize } from './as-wav.js';
import { FileChanged, type FoundFile, openFound, readFault, type SoundFile } from './open-file.js';
import type { PcmSound } from './pcm.js';
import { type Recognised, recognise } from './recognise.js';
import { NoSound, refusal, refusalOf, type SoundRefusal } from './refusal.js';
import { pcmIn, soundIn } from './sound-in.js';

/** Bytes that can be read in any range. No file stays open: only a running `read` has one open. */
export interface SoundBytes {
  kind: 'sound';
  /** Media type. */
  type: string;
  /** A file's name for display, not yet safe for a header. */
  name: string;
  /** Bytes. */
  size: number;
  /** A strong tag, with its quotes. It differs for another file, modification time or kind of conversion. */
  etag: string;
  lastModified: Date;
  /**
   * Yields the bytes `from` ≤ b < `to`. The first `next()` opens the file; the end, `return()` or an error closes it.
   * Throws a Fault that names the file if it has changed, ends early or cannot be read.
   */
  read(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined>;
}

/** Version of the conversion. Increase it when the same file gives other bytes. */
const CONVERSION = 1;
/** Bytes read at a time. */
const BLOCK = 131_072;

/** Opens the sound in a form that browsers play: the file's own bytes, or a 16-bit WAV converted while it is read. */
export const openPlayable = (found: FoundFile): Promise<SoundBytes | SoundRefusal> =>
  looking(found, async (file) => {
    const recognised = await recognise(file);
    const pcm = await pcmToConvert(file, recognised);
    return pcm === null ? original(found, recognised) : converted(found, pcm);
  });

/** Opens the file's own bytes, of any form of sound. */
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

/** Returns the sound to convert. Null: browsers play the file as it is. Throws NoSound. */
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
        if (bytes.length === 0) throw new FileChanged(found.name);
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
  read: (from, to) => withOpen(found, (file) => readAsWav({ ...file, name: found.name }, pcm, from, to)),
});

async function* withOpen(
  found: FoundFile,
  read: (file: SoundFile) => AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let file: SoundFile | null = null;
  try {
    file = await openFound(found);
    yield* read(file);
  } catch (error) {
    throw readFault(found.name, error);
  } finally {
    await file?.close();
  }
}

/** Returns ETag and date. The device number is left out, since it changes when a disk is connected again. */
function stampOf({ size, mtimeNs, ino }: FoundFile, form: string): Pick<SoundBytes, 'etag' | 'lastModified'> {
  const digest = hash('sha256', `${form} ${size} ${mtimeNs} ${ino}`, 'base64url').slice(0, 22);
  return { etag: `"${digest}"`, lastModified: new Date(Number(mtimeNs / 1_000_000n)) };
}
