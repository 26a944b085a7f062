import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { readAudio } from './audio/read-audio.js';
import { isAudioName } from './disk/audio-names.js';
import { createIgnores } from './disk/ignore.js';
import { isInside } from './disk/roots.js';
import { leadsOut, withinRoots } from './disk/within-roots.js';

/**
 * Returns why a file is not a sample of these folders: the end of a message, with the cure (`is a text file: …`). Null
 * when there is no such file. `path` may be relative to the working directory or to a root.
 */
export async function whyNoSample(
  { roots, ignore }: { roots: readonly string[]; ignore: readonly string[] },
  path: string,
): Promise<string | null> {
  const within = await withinRoots(roots);
  for (const base of ['.', ...roots]) {
    const file = resolve(base, path);
    const root = roots.find((one) => isInside(file, one));
    // Nobody is told what exists outside of the folders: a server's clients ask too.
    if (root === undefined) continue;
    if (await leadsOut(file, root, within))
      return 'is behind a link that leads out of the folder: name the folder that it leads to, too';
    const found = await stat(file).catch(() => null);
    if (found === null) continue;
    if (found.isDirectory()) return 'is a folder: name a file in it';
    if (!isAudioName(basename(file)))
      return 'does not have the name of an audio file: name one that ends in .wav, .aif, .flac, .mp3 or the like';
    const ignores = createIgnores(ignore).inFolder();
    const parts = relative(root as string, file).split('/');
    const leftOut = parts.some((_, at) => ignores(parts.slice(0, at + 1).join('/'), at < parts.length - 1));
    if (leftOut) return 'is left out by the patterns of "ignore", or is in a system folder';
    const { problem, facts } = await readAudio(file, basename(file)).catch(
      (error: NodeJS.ErrnoException) => ({
        facts: null,
        problem: `cannot be read (${error.code ?? error.message})`,
      }),
    );
    if (facts === null) return `${problem ?? 'holds no sound'}: it is embedded once it holds sound`;
    return `is not in the index yet: embeddings scan reads ${dirname(file)}`;
  }
  const isElsewhere = isAbsolute(path) || path.split('/')[0] === '..';
  return isElsewhere && !roots.some((root) => isInside(resolve(path), root))
    ? `is outside of the folder ${roots.join(', ')}: move it there, or add its folder to the settings`
    : null;
}
