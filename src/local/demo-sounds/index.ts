import { randomUUID } from 'node:crypto';
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { usageFault } from '../../fault.js';
import { type DemoSoundRow, demoSound } from './demo-sound.js';
import { STYLES } from './styles.js';

export { type DemoSoundRow, demoLength, demoSound } from './demo-sound.js';

/** A path as the demo's catalog writes it: `samples/hip-hop/12.wav`. */
const PATH = /^samples\/([a-z-]+)\/(\d{1,15})\.wav$/;

/**
 * Returns the path of the demo's sound below `folder`. The first call for a path writes the file, completely or not at
 * all, also with concurrent calls. `path`: as in the demo's catalog; throws a usage Fault for any other.
 */
export async function ensureDemoSound(folder: string, path: string, row: DemoSoundRow): Promise<string> {
  const [, genre, id] = PATH.exec(path) ?? [];
  if (genre === undefined)
    throw usageFault(`"${path}" is no path of the demo's catalog: make the demo anew (embeddings demo)`);
  const file = join(folder, path);
  if ((await lstat(file).catch(() => null)) !== null) return file;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    // Two rows may name one file. The sound depends on the path, so the order of calls does not matter.
    const sound = demoSound({ ...row, id: Number(id), genre: row.genre ?? genreOf(genre) });
    await writeFile(partial, sound, { flag: 'wx', mode: 0o600 });
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
  return file;
}

const genreOf = (folder: string): string | null =>
  Object.keys(STYLES).find((name) => name.replaceAll(/\W+/g, '-') === folder) ?? null;
