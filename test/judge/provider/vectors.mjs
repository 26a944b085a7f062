import { createHash } from 'node:crypto';

export const DIMENSIONS = 1536;

/** The one vector that this provider has for a text: 32-bit little-endian floats, all finite, none of them zero. */
export function vectorOf(text) {
  const noise = createHash('shake256', { outputLength: 2 * DIMENSIONS })
    .update(text)
    .digest();
  const vector = Buffer.alloc(4 * DIMENSIONS);
  for (let at = 0; at < DIMENSIONS; at++)
    vector.writeFloatLE((noise.readInt16LE(2 * at) || 1) / 20_000, 4 * at);
  return vector;
}

/** The same as a list of numbers, as JSON carries them. */
export const numbersOf = (vector) =>
  Array.from({ length: vector.length / 4 }, (_, at) => vector.readFloatLE(4 * at));
