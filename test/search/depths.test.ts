import { describe, expect, it } from 'vitest';
import { DEEPEST } from '../../src/search/deepest.js';
import { rankedPart } from '../../src/search/depths.js';
import type { Found } from '../../src/search/rank.js';

const hit = (sampleId: number, similarity: number | null): Found => ({
  sampleId,
  similarity,
  score: similarity ?? 0,
});

/** Of 2,000 samples; the more are asked for, the more of the near ones it finds, as where signatures choose. */
const rank = async (limit: number): Promise<Found[]> =>
  Array.from({ length: 2000 }, (_, at) => hit(at, 1 - at / 2000))
    .filter(({ sampleId }) => limit > 301 || sampleId % (limit > 101 ? 97 : 13) !== 5)
    .slice(0, limit);

/** Three in a row have about the same similarity, the others have any. */
const mixed = async (limit: number): Promise<Found[]> =>
  (await rank(limit)).map(({ sampleId }) => hit(sampleId, ((sampleId * 7919) % 1000) / 1000));

async function walk(
  ranking: (limit: number) => Promise<Found[]>,
  limit: number,
  { minSimilarity, bySimilarity }: { minSimilarity?: number; bySimilarity: boolean },
): Promise<number[]> {
  const ids: number[] = [];
  for (let from = 0; ; from += limit) {
    const options = { from, limit, ...(minSimilarity !== undefined && { minSimilarity }) };
    const { found, more } = await rankedPart(ranking, options, { bySimilarity });
    ids.push(...found.map(({ sampleId }) => sampleId));
    if (!more) return ids;
    expect(found).toHaveLength(limit);
  }
}

describe('a ranking that depends on how much is asked for', () => {
  it.each([
    ['all of it', rank, { bySimilarity: true }, 1000],
    ['what is near', rank, { bySimilarity: true, minSimilarity: 0.8 }, 401],
    ['what is near, of a ranking by words too', mixed, { bySimilarity: false, minSimilarity: 0.5 }, 501],
  ] as const)(
    'has in parts of any size the same hits once, in the same order: %s',
    async (_, of, options, most) => {
      const whole = await walk(of, 1000, options);
      expect(new Set(whole).size).toBe(whole.length);
      expect(Math.abs(whole.length - most)).toBeLessThanOrEqual(2);
      for (const limit of [1, 7, 50, 99, 100, 101, 200, 333])
        expect(await walk(of, limit, options), `${limit} at a time`).toEqual(whole);
    },
  );

  it('ends where there is no more, also where a part ends there', async () => {
    for (const there of [0, 1, 99, 100, 101, 300, 301, 999, 1000]) {
      const all = Array.from({ length: there }, (_, at) => hit(at, 1 - at / 2000));
      const some = async (limit: number): Promise<Found[]> => all.slice(0, limit);
      for (const limit of [1, 50, 100, 300])
        expect(await walk(some, limit, { bySimilarity: true })).toEqual(all.map(({ sampleId }) => sampleId));
    }
  });

  it('a part within the first hundred is ranked once', async () => {
    const asked: number[] = [];
    const told = async (limit: number): Promise<Found[]> => {
      asked.push(limit);
      return rank(limit);
    };
    await rankedPart(told, { from: 50, limit: 50 }, { bySimilarity: true });
    expect(asked).toEqual([101]);
    const past = await rankedPart(told, { from: DEEPEST, limit: 50 }, { bySimilarity: true });
    expect(past).toMatchObject({ found: [], more: false });
  });
});
