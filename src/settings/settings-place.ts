import { join, resolve } from 'node:path';
import { usageFault } from '../fault.js';
import { envFileOf, readEnvFile } from './env-file.js';
import { foldersUpwards, holds } from './folders-upwards.js';
import { inFolder } from './in-folder.js';
import { checkNoSecretFiles } from './secret-files.js';

const HOME = '.embeddings';

/** What the search from a working directory upwards has found. */
export interface SettingsPlace {
  /** Path of the `.env` in use; null: none. */
  file: string | null;
  /** Its values, with relative paths resolved against its folder. */
  values: Record<string, string>;
  /** The default of EMBEDDINGS_HOME. */
  home: string;
}

/**
 * Finds the nearest `.env`, from the working directory upwards, that sets one of our settings, and the home. The home
 * is the nearest folder `.embeddings` that is not above that file, else one beside the file, else one in the working
 * directory. `isOurs`: whether a name is that of a setting.
 */
export function findSettings(cwd: string, isOurs: (name: string) => boolean): SettingsPlace {
  const folders = foldersUpwards(cwd);
  const found = firstOf(folders, (folder) => {
    // An unreadable `.env` in the working directory is an error; above it, a `.env` that is no file is ignored.
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

/** Throws if a value begins with a quote that is never closed: dotenv would keep the quote in the value. */
function checkQuotes(values: readonly [string, string][], file: string): void {
  const open = values.find(([, value]) => /^(["'`])(?!.*\1\s*$)/s.test(value.trim()));
  if (open !== undefined)
    throw usageFault(
      `${open[0]} in ${file} begins with a quote that is never closed: close it, or remove it`,
    );
}

function firstOf<T, R>(all: readonly T[], find: (each: T) => R | null): R | null {
  for (const each of all) {
    const found = find(each);
    if (found !== null) return found;
  }
  return null;
}
