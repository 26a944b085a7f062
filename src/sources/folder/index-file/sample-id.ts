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

/** The first id of that content that is free. `copies`: how many files have that content. */
export function freeSampleId(
  hash: string,
  { taken, copies }: { taken: (id: number) => boolean; copies: () => number },
): number {
  for (let copy = 0; ; copy = copy === FEW ? Math.max(FEW + 1, copies()) : copy + 1) {
    const id = sampleIdOf(hash, copy);
    if (!taken(id)) return id;
  }
}
