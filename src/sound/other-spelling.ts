import { lstat, opendir } from 'node:fs/promises';
import { joinBytes, shownPath } from './disk-path.js';

/**
 * Returns the path below `folder` that differs from `rest` only in the spelling of characters. From a name on that is
 * not there in any spelling, it is as written. The same name may
 * be composed (NFC, most systems) or decomposed (NFD, older disks of macOS). A name that is not valid UTF-8 is in a
 * catalog as some program decoded it. Folders are listed only for names with non-ASCII characters.
 */
export async function otherSpelling(folder: Buffer, rest: string): Promise<Buffer> {
  let at = folder;
  let isSought = true;
  for (const name of rest.split('/')) {
    if (name === '' || name === '.') continue;
    // The target of `..` depends on links, so it is not guessed.
    if (name === '..') isSought = false;
    const next = joinBytes(at, Buffer.from(name));
    const found: Buffer | null = !isSought || (await isThere(next)) ? next : await entryLike(at, name);
    isSought &&= found !== null;
    at = found ?? next;
  }
  return at;
}

const isThere = (path: Buffer): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Returns the first match in byte order, so that the result does not depend on the disk's order. */
async function entryLike(folder: Buffer, name: string): Promise<Buffer | null> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them.
  if (/^[\x00-\x7f]*$/.test(name)) return null;
  const wanted = name.normalize('NFC');
  let first: Buffer | null = null;
  try {
    // Node's type does not know that this encoding returns names as bytes.
    const entries = await opendir(folder, { encoding: 'buffer' as BufferEncoding });
    for await (const entry of entries) {
      const bytes = entry.name as unknown as Buffer;
      if (!spellings(bytes).includes(wanted)) continue;
      if (first === null || Buffer.compare(bytes, first) < 0) first = bytes;
    }
  } catch {
    return null;
  }
  return first && joinBytes(folder, first);
}

/** Returns the name as we decode it, and as decoded by a program that replaces invalid UTF-8 by U+FFFD. */
const spellings = (name: Buffer): string[] => [shownPath(name), name.toString('utf8').normalize('NFC')];
