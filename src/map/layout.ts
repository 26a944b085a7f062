import { UMAP } from 'umap-js';
import { seeded } from '../seeded-random.js';

/** Number of samples that UMAP lays out; the others are placed among them. */
const LANDMARKS = 4000;
const NEIGHBOURS = 15;
/** Number of landmarks between which another sample is placed. */
const ANCHORS = 4;
const EPOCHS = 250;

/**
 * Places sketches (`numbers` values each) on a plane, −1 to 1, similar ones near each other. The same input gives the
 * same picture. `progress` is called with the share that is done.
 */
export async function layOut(
  sketches: Float32Array,
  numbers: number,
  progress: (share: number) => void,
): Promise<Float32Array> {
  const count = sketches.length / numbers;
  const step = Math.max(1, Math.ceil(count / LANDMARKS));
  const landmarks = Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
  const random = seeded(1).next;
  const rowOf = (index: number): Float32Array => sketches.subarray(index * numbers, (index + 1) * numbers);
  const planes = await byUmap(
    landmarks.map((index) => Array.from(rowOf(index))),
    random,
    progress,
  );
  const places = new Float32Array(count * 2);
  const at = new Map(landmarks.map((index, order) => [index, order]));
  for (let index = 0; index < count; index++) {
    const order = at.get(index);
    const place =
      order === undefined ? between(rowOf(index), landmarks, rowOf, planes, random) : planes[order];
    places[2 * index] = place?.[0] ?? 0;
    places[2 * index + 1] = place?.[1] ?? 0;
    if (index % 500 === 0) {
      progress(0.8 + (0.2 * index) / count);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return scaled(places);
}

async function byUmap(
  rows: number[][],
  random: () => number,
  progress: (share: number) => void,
): Promise<number[][]> {
  if (rows.length <= NEIGHBOURS) return rows.map((row) => [row[0] ?? 0, row[1] ?? 0]);
  const umap = new UMAP({ nComponents: 2, nNeighbors: NEIGHBOURS, minDist: 0.15, nEpochs: EPOCHS, random });
  const epochs = umap.initializeFit(rows);
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    if (epoch % 10 === 0) {
      progress((0.8 * epoch) / epochs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return umap.getEmbedding();
}

/** Returns a place between the nearest landmarks, weighted by nearness, with a small offset to avoid overlaps. */
function between(
  row: Float32Array,
  landmarks: readonly number[],
  rowOf: (index: number) => Float32Array,
  planes: readonly number[][],
  random: () => number,
): [number, number] {
  const best: { order: number; distance: number }[] = [];
  let worst = Number.POSITIVE_INFINITY;
  for (const [order, landmark] of landmarks.entries()) {
    const other = rowOf(landmark);
    let distance = 0;
    for (let index = 0; index < row.length && distance < worst; index++) {
      const difference = (row[index] as number) - (other[index] as number);
      distance += difference * difference;
    }
    if (distance >= worst) continue;
    best.push({ order, distance });
    best.sort((a, b) => a.distance - b.distance);
    if (best.length > ANCHORS) best.pop();
    if (best.length === ANCHORS) worst = best[ANCHORS - 1]?.distance ?? worst;
  }
  let x = 0;
  let y = 0;
  let all = 0;
  for (const { order, distance } of best) {
    const weight = 1 / (distance + 1e-6);
    x += weight * (planes[order]?.[0] ?? 0);
    y += weight * (planes[order]?.[1] ?? 0);
    all += weight;
  }
  const aside = (): number => (random() - 0.5) * 0.1;
  return [x / all + aside(), y / all + aside()];
}

/** Scales the places to −0.95 … 0.95, with one scale for both axes. */
function scaled(places: Float32Array): Float32Array {
  const bounds = [0, 1].map((axis) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let index = axis; index < places.length; index += 2) {
      low = Math.min(low, places[index] as number);
      high = Math.max(high, places[index] as number);
    }
    return { middle: (low + high) / 2, half: (high - low) / 2 };
  });
  const half = Math.max(...bounds.map((each) => each.half)) || 1;
  return places.map((value, index) => (0.95 * (value - (bounds[index % 2]?.middle ?? 0))) / half);
}
