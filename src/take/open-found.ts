import type { FoundSound } from '../sound/find-file.js';
import { FileChanged, openFound } from '../sound/open-file.js';
import { refusalOf } from '../sound/refusal.js';
import type { OpenSample, RefusedSample } from './open-sample.js';

/** Opens what is found for a path of the catalog, within the folders that `find` looks in. */
export const openerOf =
  (find: (path: string | null) => Promise<FoundSound>): OpenSample =>
  async (path) => {
    const found = await find(path);
    if (found.kind !== 'file') return refused(found);
    try {
      const file = await openFound(found);
      const modified = new Date(Number(found.mtimeNs / 1_000_000n));
      return { name: found.name, modified, size: file.size, read: file.read, close: file.close };
    } catch (error) {
      if (error instanceof FileChanged) return { refused: `${error.message}: try again` };
      return refused(refusalOf(error as NodeJS.ErrnoException));
    }
  };

/** As a part of a sentence, with the first place that was looked at. */
function refused({
  sentence,
  lookedAt: [path],
}: {
  sentence: string;
  lookedAt: readonly string[];
}): RefusedSample {
  const words = sentence.replace(/\.$/, '').replace(/^(?:The|What)(?= )/, (word) => word.toLowerCase());
  return { refused: path === undefined ? words : `${words} (${path})` };
}
