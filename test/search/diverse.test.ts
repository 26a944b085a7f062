import { describe, expect, it } from 'vitest';
import { chooseDiverse } from '../../src/search/diverse.js';

const items = [
  { id: 'kick', score: 1, vector: new Float32Array([1, 0, 0]) },
  { id: 'kick again', score: 0.98, vector: new Float32Array([2, 0.01, 0]) },
  { id: 'snare', score: 0.8, vector: new Float32Array([0, 1, 0]) },
  { id: 'hat', score: 0.7, vector: new Float32Array([0, 0, 1]) },
  { id: 'noise', score: 0, vector: null },
];
const chosen = (limit: number, of = items) => chooseDiverse(of, limit, (item) => item).map(({ id }) => id);

describe('a diverse choice', () => {
  it('begins with the best, and leaves repeats for later', () => {
    expect(chosen(3)).toEqual(['kick', 'snare', 'hat']);
    expect(chosen(9)).toEqual(['kick', 'snare', 'hat', 'kick again', 'noise']);
  });
  it('is the same each time', () => expect(chosen(4)).toEqual(chosen(4)));
  it('of one, none and equal ones is what is there', () => {
    expect(chosen(3, [])).toEqual([]);
    expect(chosen(3, items.slice(0, 1))).toEqual(['kick']);
    const equal = [1, 2, 3].map((id) => ({ ...(items[0] as (typeof items)[0]), id: String(id) }));
    expect(chosen(2, equal)).toEqual(['1', '2']);
  });
});
