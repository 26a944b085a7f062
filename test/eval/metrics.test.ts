import { describe, expect, it } from 'vitest';
import { gradesOfRanking, ndcg } from '../../src/eval/metrics.js';

const TEN = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];

describe('nDCG@10 with another ranking taken for right', () => {
  it('grades its first three 3, the next three 2, the rest 1', () => {
    expect([...gradesOfRanking([...TEN, 'k']).values()]).toEqual([3, 3, 3, 2, 2, 2, 1, 1, 1, 1]);
  });

  it.each([
    ['the same', TEN, 1],
    ['other samples', TEN.map((id) => `other ${id}`), 0],
    ['the same with the first two changed about', ['b', 'a', ...TEN.slice(2)], 1],
    // Gains 7, 7, 7, 3, 3, 3, 1, 1, 1, 1 in the order of TEN, each divided by log2(place + 1).
    ['the last one first', ['j', ...TEN.slice(0, 9)], 0.8165],
  ])('of %s', (_, ranking, value) => {
    expect(ndcg(ranking, gradesOfRanking(TEN))).toBeCloseTo(value, 4);
  });

  it('is none where nothing was found', () => {
    expect(ndcg(TEN, gradesOfRanking([]))).toBeNull();
  });
});
