import { PCA } from 'ml-pca';

/** Length of a sketch: enough to tell neighbours apart, and small enough for a page of 50,000 samples. */
const NUMBERS = 24;

/** Reduces vectors to the directions in which they differ most. */
export interface Sketcher {
  numbers: number;
  /** Writes the sketch of `vector` into `into` at `offset`. */
  sketch(vector: Float32Array, into: Float32Array, offset: number): void;
}

/** Learns principal components of unit vectors with ml-pca: near means similar, however long the vector. */
export function learnSketch(vectors: readonly Float32Array[], dimensions: number): Sketcher {
  const numbers = Math.min(NUMBERS, dimensions, Math.max(2, vectors.length - 1));
  const pca = new PCA(
    vectors.map((vector) => Array.from(unit(vector))),
    { method: 'SVD', center: true },
  );
  // The library may hold the components as columns or as rows; here each row is one component.
  const loadings = pca.getLoadings();
  const rows = loadings.rows === dimensions ? loadings.transpose().to2DArray() : loadings.to2DArray();
  const directions = rows.slice(0, numbers).map((row) => Float32Array.from(row));
  const means = new Float32Array(dimensions);
  for (const vector of vectors)
    for (const [index, value] of unit(vector).entries())
      means[index] = (means[index] ?? 0) + value / vectors.length;
  const shifts = directions.map((direction) => dot(direction, means));
  return {
    numbers: directions.length,
    sketch(vector, into, offset) {
      const length = norm(vector);
      for (const [index, direction] of directions.entries())
        into[offset + index] = dot(direction, vector) / length - (shifts[index] ?? 0);
    },
  };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number);
  return sum;
}

const norm = (vector: Float32Array): number => Math.sqrt(dot(vector, vector)) || 1;

function unit(vector: Float32Array): Float32Array {
  const length = norm(vector);
  return vector.map((value) => value / length);
}
