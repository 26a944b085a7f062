import { expect, it } from 'vitest';
import { rememberingKeys } from '../../src/domain/remembering-keys.js';

/** A store's book, and what it was asked for. */
function book(stored: Record<string, number>) {
  const asked: unknown[] = [];
  return {
    stored,
    asked,
    async knownNumbers(keys: readonly string[]) {
      asked.push([...keys]);
      return new Map(keys.flatMap((key) => (stored[key] === undefined ? [] : [[key, stored[key]]])));
    },
    async keysOf(numbers: readonly number[]) {
      asked.push([...numbers]);
      return new Map(
        Object.entries(stored).flatMap(([key, number]) => (numbers.includes(number) ? [[number, key]] : [])),
      );
    },
  };
}

it('asks the store for each key once, whichever way round', async () => {
  const stores = book({ a: 1, b: 2, c: 3 });
  const keys = rememberingKeys(stores);
  expect(await keys.knownNumbers(['a', 'b'])).toEqual(new Map(Object.entries({ a: 1, b: 2 })));
  expect(await keys.keysOf([2, 1])).toEqual(
    new Map([
      [2, 'b'],
      [1, 'a'],
    ]),
  );
  expect(await keys.keysOf([3])).toEqual(new Map([[3, 'c']]));
  expect(await keys.knownNumbers(['c', 'a'])).toEqual(new Map(Object.entries({ c: 3, a: 1 })));
  expect(stores.asked).toEqual([['a', 'b'], [3]]);
});

it('asks again for what the store did not know', async () => {
  const stores = book({ a: 1 });
  const keys = rememberingKeys(stores);
  expect(await keys.knownNumbers(['a', 'late'])).toEqual(new Map([['a', 1]]));
  stores.stored.late = 2;
  expect(await keys.knownNumbers(['a', 'late'])).toEqual(new Map(Object.entries({ a: 1, late: 2 })));
  expect(stores.asked).toEqual([['a', 'late'], ['late']]);
});

it('forgets the oldest beyond as many as it may hold', async () => {
  const stores = book({ a: 1, b: 2, c: 3 });
  const keys = rememberingKeys(stores, 2);
  expect((await keys.knownNumbers(['a', 'b', 'c'])).size).toBe(3);
  expect(await keys.keysOf([1, 2, 3])).toEqual(
    new Map([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]),
  );
  expect(stores.asked).toEqual([['a', 'b', 'c'], [1]]);
});
