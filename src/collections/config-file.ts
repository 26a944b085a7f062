import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { usageFault } from '../fault.js';
import { foldersUpwards, holds } from '../settings/folders-upwards.js';
import { checkConfig } from './check-config.js';
import type { Collection } from './collection.js';
import { type AddressDefaults, addressesOf, checkStores } from './collection-addresses.js';
import { parseConfig } from './config-document.js';
import type { DeclaredCollection } from './config-schema.js';
import { withVariables } from './config-variables.js';
import { type CollectionDefaults, declaredCollection } from './declared-collection.js';

export const CONFIG_NAMES = [
  'embeddings.config.yaml',
  'embeddings.config.yml',
  'embeddings.config.json',
] as const;

/** The settings for reading a configuration file, a part of `Settings`. */
export interface ConfigSettings extends CollectionDefaults, AddressDefaults {
  /** The folder that DATABASE_URL names, for collections without a source. Default: it names a database. */
  folder?: string | null;
}

/** A configuration file and its collections, in the file's order. */
export interface DeclaredCollections {
  /** Absolute path. */
  file: string;
  collections: Collection[];
}

/**
 * Returns the collections of the nearest configuration file, searched from the working directory upwards, as for
 * `.env`. Null: there is none. Throws a usage Fault with a line for each error: file, line, column and cure.
 */
export function readConfigFile(cwd: string, settings: ConfigSettings): DeclaredCollections | null {
  const file = findConfigFile(cwd);
  return file === null
    ? null
    : { file, collections: declaredCollections(readText(file), file, cwd, settings) };
}

/** The text of a configuration file that is not written yet, and the absolute path that it will have. */
export interface ConfigDraft {
  file: string;
  source: string;
}

/** Returns what readConfigFile would return if the file were written. */
export const readConfigDraft = (
  { file, source }: ConfigDraft,
  cwd: string,
  settings: ConfigSettings,
): DeclaredCollections => ({ file, collections: declaredCollections(source, file, cwd, settings) });

/** Returns the absolute path of the nearest configuration file, or null. Throws a usage Fault when a folder has two. */
export function findConfigFile(cwd: string): string | null {
  for (const folder of foldersUpwards(cwd)) {
    const found = CONFIG_NAMES.filter((name) =>
      // In the working directory, an entry that is not a file is an error. In the folders above it is ignored.
      folder === resolve(cwd) ? isThere(join(folder, name)) : holds(folder, name, 'file', cwd),
    );
    if (found.length > 1) throw usageFault(`${folder} holds ${found.join(' and ')}: keep one of them`);
    if (found[0] !== undefined) return join(folder, found[0]);
  }
  return null;
}

/** Returns the collections that the text of a configuration file declares. `file`: its absolute path. */
export function declaredCollections(
  source: string,
  file: string,
  cwd: string,
  settings: ConfigSettings,
): Collection[] {
  const document = parseConfig(source, file);
  const config = checkConfig(document, withVariables(document, settings));
  const collections = Object.entries(config.collections).map(([name, written]) => {
    const declared = withDefaultFolder(written, settings);
    return {
      ...declaredCollection(name, declared, document, settings),
      ...addressesOf(name, declared, document, { folder: dirname(file), cwd, defaults: settings }),
    };
  });
  if (collections.length === 0)
    document.refuse(['collections'], 'declares no collection: add one, or remove the file', 'key');
  checkStores(collections, document, cwd);
  document.check();
  return collections;
}

function withDefaultFolder(
  declared: DeclaredCollection,
  { folder = null }: Pick<ConfigSettings, 'folder'>,
): DeclaredCollection {
  const { source } = declared;
  const named = source?.url ?? source?.table ?? source?.select ?? source?.folder;
  return folder === null || named !== undefined ? declared : { ...declared, source: { ...source, folder } };
}

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR')
      throw usageFault(
        `${file} is a folder: remove it (a container makes one when it mounts a file that is missing), or put a file there`,
        error,
      );
    if (code === 'EACCES' || code === 'EPERM')
      throw usageFault(
        `${file} cannot be read by this user: chmod u+r it, or make this user its owner`,
        error,
      );
    throw usageFault(`${file} cannot be read (${message}): replace it`, error);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch (error) {
    throw usageFault(`${file} is not text: save it as UTF-8`, error);
  }
  throw usageFault(`${file} is not text: save it as UTF-8`);
}
