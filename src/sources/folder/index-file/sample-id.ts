import { createHash } from 'node:crypto';

/** Digits of the hash: ids are below 2^40, at most 13 digits, and two of a million different samples seldom meet. */
const DIGITS = 10;

/**
 * The id of a sample, from the hash in hex of what it holds: 1 or more. `copy` tells files of equal content apart, and contents whose ids
 * meet: 0 for the first. Equal on every machine, so an index that was lost gives the same ids again.
 */
export function sampleIdOf(hash: string, copy: number): number {
  const digest = copy === 0 ? hash : createHash('sha256').update(`${hash} ${copy}`).digest('hex');
  return Number.parseInt(digest.slice(0, DIGITS), 16) || 1;
}

/** So many copies are tried one after the other; of a content with more, the next one follows their number. */
const FEW = 16;

/**
 * The first free id of a content, which is then taken. `copies`: how many files have that content; asked once for each
 * content that many have.
 */
export function createFreeIds({
  taken,
  copies,
}: {
  taken(id: number): boolean;
  copies(hash: string): number;
}): (hash: string) => number {
  /** Of contents that many files have: the copy to try next. */
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
