import { shownPath } from '../sound/disk-path.js';
import type { FoundSound } from '../sound/find-file.js';
import { FileChanged, openFound, type SoundFile } from '../sound/open-file.js';
import { asPart, NoSound, refusal, refusalOf, type SoundRefusal } from '../sound/refusal.js';
import { soundIn } from '../sound/sound-in.js';
import type { OpenedSample, OpenSample, RefusedSample } from './open-sample.js';

/**
 * Creates a function that opens the file for a path of the catalog: only within the folders that `find` searches, and
 * only if it is sound. `places`: whether a refusal names the searched places, for users who may see them. Default:
 * true.
 */
export const openerOf =
  (find: (path: string | null) => Promise<FoundSound>, { places = true } = {}): OpenSample =>
  async (path) => {
    const found = await find(path);
    if (found.kind !== 'file') return refused(found, places ? found.lookedAt : []);
    let file: SoundFile | null = null;
    try {
      file = await openFound(found);
      const { pcm } = await soundIn(file);
      const modified = new Date(Number(found.mtimeNs / 1_000_000n));
      const measured =
        pcm === null ? {} : { measured: { seconds: pcm.frames / pcm.sampleRate, rate: pcm.sampleRate } };
      const { size, read, close } = file;
      return { name: found.name, modified, size, read, close, ...measured } satisfies OpenedSample;
    } catch (error) {
      await file?.close();
      if (error instanceof FileChanged) return { refused: error.message };
      const why =
        error instanceof NoSound
          ? refusal(error.kind, [], error.message)
          : refusalOf(error as NodeJS.ErrnoException);
      return refused(why, places ? [shownPath(found.path)] : []);
    }
  };

/** Returns the refusal as a part of a sentence, with the first place that was searched. */
function refused({ sentence }: SoundRefusal, [place]: readonly string[]): RefusedSample {
  const words = asPart(sentence);
  return { refused: place === undefined ? words : `${words} (${place})` };
}
