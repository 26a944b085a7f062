import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isAudioName } from './audio-names.js';
import { mapAtOnce } from './each.js';
import { createIgnores, type Ignores } from './ignore.js';
import { type Listing, listFolder } from './list-folder.js';
import { diskPathOf, joinDisk, joinKey, type Name, nameOf, rootKey } from './paths.js';
import { type FileStamp, folderIdentity, stampOf, statOf } from './stat.js';
import { type IsWithin, withinRoots } from './within-roots.js';

export interface WalkedFolder {
  root: string;
  /** Identifies the path on the disk, see joinKey. */
  key: string;
  /** The path below the root, for people: `Drums/Kicks`; empty for the root. */
  shown: string;
}

export interface FoundFile extends FileStamp {
  name: Name;
}

export type Walked =
  | {
      kind: 'folder';
      folder: WalkedFolder;
      /** The device it lies on. */
      device: string;
      empty: boolean;
      files: FoundFile[];
      /**
       * Keys of names that are listed but have no result: they could not be read, or are links, which follow. What is
       * known of them is kept.
       */
      unsure: Set<string>;
    }
  /**
   * A link in a folder that came before. `file` is null if it was met by its own path, or is not an audio file.
   * `outside`: it leads out of the roots, and is not followed.
   */
  | { kind: 'link'; folder: WalkedFolder; name: Name; file: FoundFile | null; outside: boolean }
  /** A path that could not be read. All that is known below it is kept. */
  | { kind: 'unreadable'; folder: WalkedFolder; error: unknown };

/** Concurrent requests to the file system: a network disk answers many as fast as one. */
const AT_ONCE = 32;

interface Walk {
  /** Folders that were walked, so that cyclic links end, and a folder with two paths is walked once. */
  walked: Set<string>;
  /** Links, which are followed after all real folders were walked: a real path has precedence over a link. */
  links: { folder: WalkedFolder; name: Name }[];
  ignores: ReturnType<typeof createIgnores>;
  within: IsWithin;
}

/**
 * Yields every folder below the roots with its audio files, folders and files in the order of their names. Follows
 * links within the roots, to folders and files that were not met by their own path. A link out of the roots is not
 * followed: a pack from elsewhere may contain links, and the user has not chosen what they lead to.
 */
export async function* walk(
  roots: readonly string[],
  { ignore, signal }: { ignore: readonly string[]; signal?: AbortSignal | undefined },
): AsyncGenerator<Walked> {
  const state: Walk = {
    ...{ walked: new Set(), links: [], ignores: createIgnores(ignore) },
    within: await withinRoots(roots),
  };
  for (const root of roots) yield* walkFrom({ root, key: rootKey(root), shown: '' }, state, signal);
  // Links found behind links are appended to the list.
  for (let at = 0; at < state.links.length; at++) {
    const link = state.links[at];
    if (link) yield* walkLink(link, state, signal);
  }
}

async function* walkFrom(
  start: WalkedFolder,
  state: Walk,
  signal: AbortSignal | undefined,
): AsyncGenerator<Walked> {
  const waiting = [start];
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    signal?.throwIfAborted();
    let listing: Listing;
    let device: string;
    try {
      const path = diskPathOf(folder.key);
      const stats = await statOf(path, { follow: true });
      const identity = folderIdentity(stats) ?? String(await realpath(path));
      if (state.walked.has(identity)) continue;
      state.walked.add(identity);
      device = String(stats.dev);
      listing = await listFolder(path);
    } catch (error) {
      yield { kind: 'unreadable', folder, error };
      continue;
    }
    const ignored = within(folder, state.ignores.inFolder());
    const files = listing.files.filter((name) => isAudioName(name.shown) && !ignored(name, false));
    const links = listing.links.filter((name) => !ignored(name, false) && !ignored(name, true));
    const looked = await look(folder, files);
    for (const name of links) {
      state.links.push({ folder, name });
      looked.unsure.add(name.key);
    }
    yield { kind: 'folder', folder, device, empty: listing.empty, ...looked };
    const folders = listing.folders.filter((name) => !ignored(name, true));
    for (const name of folders.reverse()) waiting.push(below(folder, name));
  }
}

const below = (folder: WalkedFolder, name: Name): WalkedFolder => ({
  root: folder.root,
  key: joinKey(folder.key, name),
  shown: shownIn(folder, name),
});
const shownIn = (folder: WalkedFolder, name: Name): string =>
  folder.shown === '' ? name.shown : `${folder.shown}/${name.shown}`;
const within = (folder: WalkedFolder, ignores: Ignores) => (name: Name, isFolder: boolean) =>
  ignores(shownIn(folder, name), isFolder);

async function look(
  folder: WalkedFolder,
  names: readonly Name[],
): Promise<{ files: FoundFile[]; unsure: Set<string> }> {
  const path = diskPathOf(folder.key);
  const unsure = new Set<string>();
  const files = await mapAtOnce(names, AT_ONCE, async (name): Promise<FoundFile | null> => {
    try {
      const stats = await statOf(joinDisk(path, name.disk), { follow: true });
      return stats.isFile() ? { name, ...stampOf(stats) } : null;
    } catch {
      unsure.add(name.key);
      return null;
    }
  });
  return { files: files.filter((file) => file !== null), unsure };
}

/** Yields a link's target under the link's path. A broken link is unreadable: its disk may not be mounted. */
async function* walkLink(
  { folder, name }: Walk['links'][number],
  state: Walk,
  signal: AbortSignal | undefined,
): AsyncGenerator<Walked> {
  const target = below(folder, name);
  const path = diskPathOf(target.key);
  try {
    const real = await realpath(path, { encoding: 'buffer' });
    if (!state.within(real)) return yield { kind: 'link', folder, name, file: null, outside: true };
    const stats = await statOf(real, { follow: false });
    if (stats.isDirectory()) return yield* walkFrom(target, state, signal);
    const ours = stats.isFile() && isAudioName(name.shown) && !(await metAlready(real, state));
    yield { kind: 'link', folder, name, file: ours ? { name, ...stampOf(stats) } : null, outside: false };
  } catch (error) {
    if (signal?.aborted) throw error;
    yield { kind: 'unreadable', folder: target, error };
  }
}

/** Returns whether a link's file is in a folder that was walked, and has the name of an audio file there. */
async function metAlready(real: Buffer, state: Walk): Promise<boolean> {
  const slash = real.lastIndexOf('/');
  const parent = slash === 0 ? Buffer.from('/') : real.subarray(0, slash);
  const stats = await statOf(parent, { follow: true });
  const identity = folderIdentity(stats) ?? dirname(String(real));
  return state.walked.has(identity) && isAudioName(nameOf(real.subarray(slash + 1)).shown);
}
