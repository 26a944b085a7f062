import { lstat, opendir } from 'node:fs/promises';
import { joinBytes, shownPath } from './disk-path.js';

/**
 * A path below `folder` that differs from `rest` in how its signs are written alone, or null. The same name may be
 * composed (NFC, most systems) or decomposed (NFD, older disks of macOS), and one that is no UTF-8 is in a catalog as a
 * program read it. Folders are listed only for names with signs outside of ASCII.
 */
export async function otherSpelling(folder: Buffer, rest: string): Promise<Buffer | null> {
  let at = folder;
  for (const name of rest.split('/')) {
    if (name === '' || name === '.') continue;
    // What `..` means depends on links: it is not guessed at.
    if (name === '..') return null;
    const next = joinBytes(at, Buffer.from(name));
    const found = (await isThere(next)) ? next : await entryLike(at, name);
    if (found === null) return null;
    at = found;
  }
  return at;
}

const isThere = (path: Buffer): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Of several the first by its bytes, so that the answer does not depend on the disk's order. */
async function entryLike(folder: Buffer, name: string): Promise<Buffer | null> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them.
  if (/^[\x00-\x7f]*$/.test(name)) return null;
  const wanted = name.normalize('NFC');
  let first: Buffer | null = null;
  try {
    // The type knows no bytes as names, which Node gives.
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

/** As read by us, and as by a program that puts U+FFFD in the place of bytes that are no UTF-8. */
const spellings = (name: Buffer): string[] => [shownPath(name), name.toString('utf8').normalize('NFC')];
