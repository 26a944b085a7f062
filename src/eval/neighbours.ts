import { DEPTH } from './metrics.js';

/** Vectors of samples by id, each scaled to length 1. */
export type Points = ReadonlyMap<number, Float32Array>;

export function unitPoints(vectors: Iterable<[number, Float32Array]>): Map<number, Float32Array> {
  const found = new Map<number, Float32Array>();
  for (const [id, vector] of vectors) found.set(id, unit(vector));
  return found;
}

export function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const number of vector) squares += number * number;
  const length = Math.sqrt(squares) || 1;
  return vector.map((number) => number / length);
}

/** Returns the ids of the nearest ten, best first, by cosine; leaves `but` out. Compares with every point. */
export function nearestTen(points: Points, to: Float32Array, but?: number): string[] {
  const best: { id: number; similarity: number }[] = [];
  for (const [id, vector] of points) {
    if (id === but) continue;
    let similarity = 0;
    for (let at = 0; at < to.length; at++) similarity += (to[at] as number) * (vector[at] as number);
    const last = best[DEPTH - 1];
    if (last !== undefined && similarity <= last.similarity) continue;
    const place = best.findIndex((one) => one.similarity < similarity);
    best.splice(place < 0 ? best.length : place, 0, { id, similarity });
    if (best.length > DEPTH) best.pop();
  }
  return best.map(({ id }) => String(id));
}
