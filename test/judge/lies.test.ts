import { expect, it } from 'vitest';
import { runWay, wayNamed } from './index.mjs';

/** Some ways of lying of each kind; `npm run chaos -- --scenario lies` takes all of them, with and without a cap. */
it.each<[string, 'capped' | 'not capped']>([
  ['billed, then 502', 'capped'],
  ['billed, then 500', 'not capped'],
  ['billed, then 200 with code 502', 'capped'],
  ['billed, then 200 with code 429', 'capped'],
  ['billed, then 200 with code 400', 'capped'],
  ['billed, then 418', 'capped'],
  ['billed, then a page with 400', 'capped'],
  ['billed, then a page with 404', 'not capped'],
  ['billed, then a 400 with the answer', 'capped'],
  ['billed, then a 402 with the answer', 'not capped'],
  ['broken JSON', 'not capped'],
  ['lost, then from the cache', 'not capped'],
  ['usage: zeros', 'capped'],
  ['usage: own key with a fee', 'not capped'],
  ['usage: 9e15 nanodollars', 'not capped'],
  ['usage: cost 0 beside tokens', 'capped'],
  ['usage: a nanodollar', 'capped'],
  ['usage: half of the tokens', 'capped'],
  ['price: half of the list', 'not capped'],
  ['price: 100 times the list', 'capped'],
  ['price: tenfold while paused', 'capped'],
  ['price: 100 times the list, then answers lost', 'not capped'],
  ['vector: NaN', 'not capped'],
  ['vector: null', 'capped'],
  ['one text: 500', 'not capped'],
  ['refused, 402', 'not capped'],
])(
  'settled ≤ bill ≤ settled + uncertain, and no cap is passed: %s, %s',
  async (name, capped) => {
    const { violations } = await runWay(wayNamed(name), capped === 'capped');
    expect(violations).toEqual([]);
  },
  900_000,
);
