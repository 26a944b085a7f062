import { readPitch } from '../../musical-key.js';

/** How a key fits another; `unknown`: one of the keys is not known. */
export type KeyFit = 'same' | 'relative' | 'fifth-above' | 'fifth-below' | 'unknown';

/**
 * Returns how `key` fits `target`: the same, its relative major or minor, or its neighbour on the circle of fifths.
 * Null: it does not fit. A key without a mode counts as major.
 */
export function keyFit(target: string | null, key: string | null): KeyFit | null {
  const wanted = target === null ? null : readPitch(target);
  const has = key === null ? null : readPitch(key);
  if (wanted === null || has === null) return 'unknown';
  const up = (has.tonic - wanted.tonic + 12) % 12;
  if (wanted.minor === has.minor)
    return up === 0 ? 'same' : up === 7 ? 'fifth-above' : up === 5 ? 'fifth-below' : null;
  return up === (wanted.minor ? 3 : 9) ? 'relative' : null;
}

/** Describes how `key` fits `target`, in words. */
export function keyWords(fit: KeyFit, target: string | null, key: string | null): string {
  if (key === null || readPitch(key) === null) return 'key unknown';
  if (target === null || fit === 'unknown') return key;
  if (fit === 'same') return `${key}: the same key`;
  if (fit === 'relative')
    return `${key}: relative ${readPitch(key)?.minor === true ? 'minor' : 'major'} of ${target}`;
  return `${key}: a fifth ${fit === 'fifth-above' ? 'above' : 'below'} ${target}`;
}
