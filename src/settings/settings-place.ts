import { join, resolve } from 'node:path';
import { usageFault } from '../fault.js';
import { envFileOf, readEnvFile } from './env-file.js';
import { foldersUpwards, holds } from './folders-upwards.js';
import { inFolder } from './in-folder.js';
import { checkNoSecretFiles } from './secret-files.js';

const HOME = '.embeddings';

/** What is found from a working directory upwards. */
export interface SettingsPlace {
  /** Path of the `.env` that is read; null: there is none. */
  file: string | null;
  /** What it sets, with relative paths as they are meant there. */
  values: Record<string, string>;
  /** Where EMBEDDINGS_HOME is when nothing sets it. */
  home: string;
}

/**
 * The nearest `.env` that sets something of ours, from the working directory upwards, and the home: the nearest folder
 * `.embeddings` that lies no higher than that file, else one beside it, else one in the working directory. `isOurs`:
 * whether a name is that of a setting.
 */
export function findSettings(cwd: string, isOurs: (name: string) => boolean): SettingsPlace {
  const folders = foldersUpwards(cwd);
  const found = firstOf(folders, (folder) => {
    // A `.env` of the working directory that cannot be read is told of; one above it that is no file is another thing.
    if (folder !== folders[0] && !holds(folder, '.env', 'file', cwd)) return null;
    const own = Object.entries(readEnvFile(folder)).filter(
      ([name, value]) => isOurs(name) && value.trim() !== '',
    );
    checkNoSecretFiles(Object.fromEntries(own), envFileOf(folder));
    checkQuotes(own, envFileOf(folder));
    return own.length === 0 ? null : { folder, own };
  });
  const below = found === null ? folders : folders.slice(0, folders.indexOf(found.folder) + 1);
  const homeIn = below.find((folder) => holds(folder, HOME, 'folder', cwd)) ?? found?.folder ?? resolve(cwd);
  return {
    file: found === null ? null : envFileOf(found.folder),
    values: Object.fromEntries(
      (found?.own ?? []).map(([name, value]) => [
        name,
        found?.folder === folders[0] ? value.trim() : inFolder(found?.folder ?? cwd, name, value.trim()),
      ]),
    ),
    home: join(homeIn, HOME),
  };
}

/** dotenv leaves a quote that is never closed in the value, which nobody means. */
function checkQuotes(values: readonly [string, string][], file: string): void {
  const open = values.find(([, value]) => /^(["'`])(?!.*\1\s*$)/s.test(value.trim()));
  if (open !== undefined)
    throw usageFault(
      `${open[0]} in ${file} begins with a quote that is never closed: close it, or take it away`,
    );
}

function firstOf<T, R>(all: readonly T[], find: (each: T) => R | null): R | null {
  for (const each of all) {
    const found = find(each);
    if (found !== null) return found;
  }
  return null;
}
