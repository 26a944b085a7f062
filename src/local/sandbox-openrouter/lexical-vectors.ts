/** Deterministic vectors that are near each other for texts that share words: good enough for a demo's search. */

const STOP = new Set(
  'a an and are as at by for from in is it of on or that the this to with title genre bpm key mood energy tags description sample'.split(
    ' ',
  ),
);
const FEATURES_A_WORD = 12;
const STOP_WEIGHT = 0.05;
const KNOWN_WORDS = 50_000;

interface Feature {
  at: Uint32Array;
  sign: Float32Array;
}

/** FNV-1a, 32 bits. */
function hash32(text: string, seed = 0x811c9dc5): number {
  let hash = seed >>> 0;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/**
 * Returns a function that rotates a vector, so that each number carries information. Most numbers of a sum of few
 * features are 0, and the signs of zeros, which search uses to find neighbours, say nothing. The rotation is
 * orthonormal (fast Walsh–Hadamard transforms of two overlapping halves, with fixed signs), so every similarity stays
 * the same.
 */
function createSpread(dimensions: number): (vector: Float32Array) => void {
  const block = 2 ** Math.floor(Math.log2(dimensions));
  const signs = Float32Array.from({ length: dimensions }, (_, at) =>
    hash32(`sign ${at}`) & 0x10000 ? 1 : -1,
  );
  const scale = 1 / Math.sqrt(block);
  /** Transforms `block` numbers from `begin` on, in place. */
  const transform = (numbers: Float32Array, begin: number): void => {
    const end = begin + block;
    let half = 1;
    // Two steps at once halve the reads and writes of each number.
    for (; 4 * half <= block; half *= 4)
      for (let from = begin; from < end; from += 4 * half)
        for (let at = from; at < from + half; at++) {
          const a = numbers[at] as number;
          const b = numbers[at + half] as number;
          const c = numbers[at + 2 * half] as number;
          const d = numbers[at + 3 * half] as number;
          numbers[at] = a + b + (c + d);
          numbers[at + half] = a - b + (c - d);
          numbers[at + 2 * half] = a + b - (c + d);
          numbers[at + 3 * half] = a - b - (c - d);
        }
    if (half < block)
      for (let at = begin; at < begin + half; at++) {
        const a = numbers[at] as number;
        const b = numbers[at + half] as number;
        numbers[at] = a + b;
        numbers[at + half] = a - b;
      }
  };
  return (vector) => {
    // The first numbers come last and mix information of all, so that shortened vectors are like the whole.
    for (const begin of new Set([dimensions - block, 0])) {
      for (let at = 0; at < dimensions; at++) {
        const inside = at >= begin && at < begin + block;
        vector[at] = (vector[at] as number) * (signs[at] as number) * (inside ? scale : 1);
      }
      transform(vector, begin);
    }
  };
}

export function createLexicalVectors(dimensions: number): (text: string) => Float32Array {
  const spread = createSpread(dimensions);
  const known = new Map<string, Feature>();
  const featureOf = (word: string): Feature => {
    const cached = known.get(word);
    if (cached !== undefined) return cached;
    const at = new Uint32Array(FEATURES_A_WORD);
    const sign = new Float32Array(FEATURES_A_WORD);
    let state = hash32(word) || 1;
    for (let index = 0; index < FEATURES_A_WORD; index++) {
      state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0 || 1;
      at[index] = state % dimensions;
      sign[index] = state & 0x10000 ? 1 : -1;
    }
    const feature = { at, sign };
    if (known.size < KNOWN_WORDS) known.set(word, feature);
    return feature;
  };
  return (text) => {
    const vector = new Float32Array(dimensions);
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}#]+/gu) ?? ['']) {
      const { at, sign } = featureOf(word);
      const weight = STOP.has(word) ? STOP_WEIGHT : 1;
      for (let index = 0; index < FEATURES_A_WORD; index++) {
        const place = at[index] as number;
        vector[place] = (vector[place] as number) + weight * (sign[index] as number);
      }
    }
    let norm = 0;
    for (const value of vector) norm += value * value;
    // Texts without features, or whose features cancel out, still get a vector that is not zero.
    if (norm === 0) vector[hash32(text) % dimensions] = 1;
    const scale = norm === 0 ? 1 : 1 / Math.sqrt(norm);
    for (let index = 0; index < dimensions; index++) vector[index] = (vector[index] as number) * scale;
    spread(vector);
    // Turns -0 into 0: JSON loses the sign of a zero, and every form of the answer must be equal.
    for (let index = 0; index < dimensions; index++) vector[index] = (vector[index] as number) + 0;
    return vector;
  };
}

/** Creates vectors with only a few values that depend on the text: almost free to compute, for benchmarks. */
export function createCheapVectors(dimensions: number): (text: string) => Float32Array {
  const base = new Float32Array(dimensions).fill(1 / Math.sqrt(dimensions));
  return (text) => {
    const vector = base.slice();
    const hash = hash32(text);
    vector[0] = hash / 0xffffffff;
    vector[hash % dimensions] = 0.5;
    return vector;
  };
}
