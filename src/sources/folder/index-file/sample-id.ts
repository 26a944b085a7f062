import { createHash } from 'node:crypto';

/** Hex digits of the hash. Ids are below 2^40 (at most 13 digits); among a million samples few ids collide. */
const DIGITS = 10;

/**
 * Returns the id of a sample, 1 or more, from the hex hash of its content. `copy` distinguishes files of equal content,
 * and contents whose ids collide: 0 for the first. The id is equal on every machine, so a lost index gives the same ids
 * again.
 */
export function sampleIdOf(hash: string, copy: number): number {
  const digest = copy === 0 ? hash : createHash('sha256').update(`${hash} ${copy}`).digest('hex');
  return Number.parseInt(digest.slice(0, DIGITS), 16) || 1;
}

/** Copies that are tried one after the other. After these, the search goes on at the number of known copies. */
const FEW = 16;

/**
 * Creates a function that returns the first free id of a content; the caller then takes it. `copies` returns how many
 * files have a content, and is called once for a content with many files.
 */
export function createFreeIds({
  taken,
  copies,
}: {
  taken(id: number): boolean;
  copies(hash: string): number;
}): (hash: string) => number {
  /** The copy to try next, for contents with many files. */
  const further = new Map<string, number>();
  return (hash) => {
    let copy = further.get(hash) ?? 0;
    for (;;) {
      const id = sampleIdOf(hash, copy);
      copy = copy === FEW ? Math.max(FEW + 1, copies(hash)) : copy + 1;
      if (taken(id)) continue;
      if (copy > FEW) further.set(hash, copy);
      return id;
    }
  };
}
