import { greatest } from './greatest.js';
import type { BitRows } from './hamming.js';
import type { SlotSet } from './slot-sets.js';

/** So many of the nearest by bits alone are compared with the query's own numbers. */
const ROUGH_LEAST = 2500;
/** For each that is wanted. Measured: of those that are wanted the ten nearest of all are among the first 1.4 by bits alone. */
const ROUGH_TIMES = 2.5;
/** Of each of the query's numbers where signs are compared with it: a 256th of the greatest is nothing beside what signs leave out. */
const NUMBER_BITS = 8;
/** Rows that stay in the processor's cache from one bit to the next. */
const STAYING = 1024;

/**
 * The slots nearest to a query, best first, by two looks that read no vector: how many bits differ, and of the best of
 * those the query's numbers, each with the sign of the sample's bit. `among`: only these.
 */
export function nearestSlots(
  rows: BitRows,
  vector: Float32Array,
  { count, among }: { count: number; among: SlotSet },
): Uint32Array {
  const rough = Math.max(ROUGH_LEAST, Math.ceil(ROUGH_TIMES * count));
  const chosen = among.count <= rough ? allOf(among) : leastDistant(rows, bitsOf(vector), rough, among);
  if (chosen.length <= count) return chosen;
  const places = greatest(fits(rows, vector, chosen), count);
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

/**
 * How well each of these rows fits the query's numbers, each with the sign of the row's bit; greater is better, and only
 * compared with each other. The numbers are taken as whole ones of so many bits: then the sum is that of the bits that
 * differ from each of their bits, twice as much for each next one, which are counted as in the look at all.
 */
function fits(rows: BitRows, vector: Float32Array, list: Uint32Array): Float64Array {
  const sums = new Float64Array(list.length);
  const planes = numberBits(vector);
  for (let from = 0; from < list.length; from += STAYING) {
    const some = { list: list.subarray(from, from + STAYING) };
    for (const [bit, plane] of planes.entries()) {
      const { each } = rows.distances(plane, some);
      for (let at = 0; at < some.list.length; at++)
        sums[from + at] = (sums[from + at] as number) - 2 ** bit * (each[at] as number);
    }
  }
  return sums;
}

/** The lowest bit of each number first, laid out as a signature; the whole ones lie around zero in equal steps. */
function numberBits(vector: Float32Array): Uint8Array[] {
  const planes = Array.from({ length: NUMBER_BITS }, () => new Uint8Array(Math.ceil(vector.length / 8)));
  let most = 0;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  const steps = 2 ** (NUMBER_BITS - 1);
  for (let at = 0; at < vector.length; at++) {
    const whole = Math.min(2 * steps - 1, Math.floor((1 + (vector[at] as number) / (most || 1)) * steps));
    for (const [bit, plane] of planes.entries())
      plane[at >> 3] = (plane[at >> 3] as number) | (((whole >> bit) & 1) << (at & 7));
  }
  return planes;
}
