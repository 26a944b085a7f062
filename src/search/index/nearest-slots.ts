import { greatest } from './greatest.js';
import type { BitRows } from './hamming.js';
import type { SlotSet } from './slot-sets.js';

/** So many of the nearest by bits alone are compared with the query's own numbers. */
const ROUGH_LEAST = 5000;
/** For each that is wanted. Measured at a million: the ten nearest of all are among the first 4,700 by bits alone. */
const ROUGH_TIMES = 4;

/**
 * The slots nearest to a query, best first, by two looks that read no vector: how many bits differ, and of the best of
 * those the query's numbers, each with the sign of the sample's bit. `among`: only these.
 */
export function nearestSlots(
  rows: BitRows,
  vector: Float32Array,
  { count, among }: { count: number; among: SlotSet },
): Uint32Array {
  const rough = Math.max(ROUGH_LEAST, ROUGH_TIMES * count);
  const chosen = among.count <= rough ? allOf(among) : leastDistant(rows, bitsOf(vector), rough, among);
  if (chosen.length <= count) return chosen;
  const places = greatest(rows.sums(chosen, signedSums(vector)), count);
  return places.map((at) => chosen[at] as number);
}

/** As libSQL's vector1bit: a bit is 1 where the number is above 0. */
export function bitsOf(vector: Float32Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(vector.length / 8));
  for (let at = 0; at < vector.length; at++)
    if ((vector[at] as number) > 0) bits[at >> 3] = (bits[at >> 3] as number) | (1 << (at & 7));
  return bits;
}

function allOf({ mask, list, count }: SlotSet): Uint32Array {
  if (list !== null) return list;
  const found = new Uint32Array(count);
  for (let slot = 0, at = 0; slot < mask.length; slot++) if (mask[slot] === 1) found[at++] = slot;
  return found;
}

/** The `count` slots in which the fewest bits differ, counted and not sorted; of equal ones the first. */
function leastDistant(rows: BitRows, bits: Uint8Array, count: number, { mask, list }: SlotSet): Uint32Array {
  const compared = list === null ? { mask, count: mask.length } : { list };
  const { each, having } = rows.distances(bits, compared);
  let last = 0;
  let left = count;
  while (last < having.length - 1 && (having[last] as number) < left) left -= having[last++] as number;
  const found = new Uint32Array(count);
  const all = list?.length ?? mask.length;
  let at = 0;
  for (let place = 0; place < all && at < count; place++) {
    const distance = each[place] as number;
    if (distance > last || (list === null && mask[place] === 0)) continue;
    if (distance === last && left-- <= 0) continue;
    found[at++] = list === null ? place : (list[place] as number);
  }
  return found.subarray(0, at);
}

/** By byte of a signature and its value: the sum of its eight numbers of the query, negative where the bit is 0. */
function signedSums(vector: Float32Array): Float32Array {
  const bytes = Math.ceil(vector.length / 8);
  const sums = new Float32Array(bytes * 256);
  for (let byte = 0; byte < bytes; byte++) {
    let none = 0;
    for (let bit = 0; bit < 8; bit++) none -= vector[8 * byte + bit] ?? 0;
    sums[byte * 256] = none;
    for (let value = 1; value < 256; value++) {
      const bit = 31 - Math.clz32(value & -value);
      sums[byte * 256 + value] =
        (sums[byte * 256 + (value & (value - 1))] as number) + 2 * (vector[8 * byte + bit] ?? 0);
    }
  }
  return sums;
}
