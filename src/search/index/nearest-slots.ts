import { greatest } from './greatest.js';
import type { BitRows } from './hamming.js';
import type { Slots } from './slots.js';

/** So many of the nearest by bits alone are compared with the query's own numbers. */
const ROUGH_LEAST = 5000;
const ROUGH_SHARE = 0.02;

/** By slot; 1: may be found. */
export type Mask = Uint8Array;

/**
 * The slots nearest to a query, best first, by two looks that read no vector: how many bits differ, and of the best of
 * those the query's numbers, each with the sign of the sample's bit. `mask`: only these.
 */
export function nearestSlots(
  { slots, rows }: { slots: Slots; rows: BitRows },
  vector: Float32Array,
  { count, mask }: { count: number; mask: Mask },
): Uint32Array {
  let some = 0;
  for (let slot = 0; slot < slots.count; slot++) some += mask[slot] as number;
  const rough = Math.max(ROUGH_LEAST, 4 * count, Math.ceil(ROUGH_SHARE * some));
  const chosen =
    some <= rough
      ? all(mask, slots.count, some)
      : leastDistant(rows, bitsOf(vector), { count: rough, mask, slots: slots.count });
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

function all(mask: Mask, slots: number, count: number): Uint32Array {
  const found = new Uint32Array(count);
  for (let slot = 0, at = 0; slot < slots; slot++) if (mask[slot] === 1) found[at++] = slot;
  return found;
}

/** The `count` slots in which the fewest bits differ, counted and not sorted; of equal ones the first. */
function leastDistant(
  rows: BitRows,
  bits: Uint8Array,
  { count, mask, slots }: { count: number; mask: Mask; slots: number },
): Uint32Array {
  const distances = new Uint16Array(slots);
  rows.distances(bits, slots, distances);
  const having = new Uint32Array(8 * bits.length + 1);
  for (let slot = 0; slot < slots; slot++) {
    const distance = distances[slot] as number;
    having[distance] = (having[distance] as number) + (mask[slot] as number);
  }
  let last = 0;
  let left = count;
  while (last < having.length - 1 && (having[last] as number) < left) left -= having[last++] as number;
  const found = new Uint32Array(count);
  let at = 0;
  for (let slot = 0; slot < slots && at < count; slot++) {
    const distance = distances[slot] as number;
    if (distance > last || mask[slot] === 0) continue;
    if (distance === last && left-- <= 0) continue;
    found[at++] = slot;
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
