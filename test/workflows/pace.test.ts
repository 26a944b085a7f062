import { describe, expect, it } from 'vitest';
import { notePace, type Pace, perSecond } from '../../src/workflows/pace.js';

const paced = (seconds: number, rate: number, from: Pace = [], start = 0): Pace => {
  let pace = from;
  for (let at = start; at <= start + seconds; at++) pace = notePace(pace, at * 1000, at * rate, true);
  return pace;
};

describe('pace', () => {
  it('is not known at first', () => {
    expect(perSecond([], 5000, 10)).toBeNull();
    expect(perSecond(paced(0, 10), 500, 5)).toBeNull();
    expect(perSecond(paced(5, 0), 5000, 0)).toBeNull();
  });

  it('is that of the last minute, and small in memory however long the run', () => {
    const pace = paced(3600, 50);
    expect(pace.length).toBeLessThanOrEqual(32);
    expect(perSecond(pace, 3_600_000, 180_000)).toBeCloseTo(50);
    expect(perSecond(pace, 3_600_000 + 30_000, 180_000)).toBeLessThan(50);
  });

  it('begins anew after a wait for a person', () => {
    const pace = notePace(paced(100, 50), 101_000, 5050, false);
    expect(pace).toEqual([]);
    const on = notePace(pace, 900_000, 5050, true);
    expect(perSecond(on, 902_000, 5150)).toBeCloseTo(50);
  });
});
