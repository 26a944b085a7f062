import { expect, it } from 'vitest';
// The compiled one: only it has a thread.
import { withThread } from '../../dist/map/thread/on-thread.js';
import { createMath, type MapMath } from '../../src/map/math.js';
import { seeded } from '../../src/seeded-random.js';

const NUMBERS = 32;
const random = seeded(7).next;
const vectors = Array.from({ length: 60 }, () =>
  Float32Array.from({ length: NUMBERS }, () => random() - 0.5),
);

async function mapOf(math: MapMath): Promise<{ places: Float32Array; shares: number[] }> {
  const shares: number[] = [];
  const numbers = await math.learn(vectors.slice(0, 40), NUMBERS);
  const sketches = await math.sketch(vectors);
  return { places: await math.layOut(sketches, numbers, (share) => shares.push(share)), shares };
}

it('a map of a thread is the same as one of here, and its progress is told', async () => {
  const there = await withThread(mapOf);
  expect(there.places).toEqual((await mapOf(createMath())).places);
  expect(there.shares.length).toBeGreaterThan(3);
});

it('what goes wrong there is said here, and the thread ends', async () => {
  await expect(withThread((math) => math.sketch(vectors))).rejects.toThrow('sketch before learn');
});
