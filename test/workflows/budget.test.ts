import { describe, expect, it } from 'vitest';
import { boundNanos, withinBudget } from '../../src/workflows/budget.js';

let number = 0;
const batch = (tokensBound: number) => ({ id: `b${++number}`, ids: '1', count: 1, tokensBound });

describe('the budget', () => {
  it('rounds a bound up, never down', () => {
    expect(boundNanos(3, 0.5)).toBe(2);
    expect(boundNanos(1, 20)).toBe(20);
  });

  it.each([
    ['no cap', null, 1e15, [], 1e9, true],
    ['exactly the cap', 1000, 500, [batch(10)], 15, true],
    ['one nanodollar over', 999, 500, [batch(10)], 15, false],
    ['what is under way counts at its bound', 1000, 0, [batch(25), batch(25)], 1, false],
  ])('%s', (_, cap, spent, underWay, next, expected) => {
    expect(withinBudget(cap, spent, underWay, batch(next), 20)).toBe(expected);
  });
});

describe('what has begun', () => {
  it('counts at what was reserved for it, but never the batch itself', () => {
    const begun = { ...batch(10), id: 'begun', begun: true, reserveNanos: 700 };
    expect(withinBudget(1000, 0, [begun], { ...batch(15), id: 'next' }, 20)).toBe(true);
    expect(withinBudget(999, 0, [begun], { ...batch(15), id: 'next' }, 20)).toBe(false);
    expect(withinBudget(700, 0, [begun], begun, 20)).toBe(true);
  });
});
