import type { Store } from '../engines/store.js';
import type { KeyBook } from '../sources/types.js';

/**
 * A key book for those who only look: keys that the store does not know get numbers for as long as this book lives.
 * `store` null: there is none yet.
 */
export function provisionalKeys(
  store: () => Promise<Pick<Store, 'identity' | 'knownNumbers' | 'keysOf' | 'largestNumber'> | null>,
): KeyBook {
  let first: Promise<number> | null = null;
  const given = new Map<string, number>();
  const keys = new Map<number, string>();
  const book = async () => {
    const open = await store();
    return open !== null && (await open.identity()) !== null ? open : null;
  };
  const knownNumbers: KeyBook['knownNumbers'] = async (wanted) =>
    (await (await book())?.knownNumbers(wanted)) ?? new Map<string, number>();
  return {
    async knownNumbers(wanted) {
      const known = await knownNumbers(wanted);
      for (const key of wanted) {
        const number = given.get(key);
        if (number !== undefined && !known.has(key)) known.set(key, number);
      }
      return known;
    },
    async numbersFor(wanted) {
      const known = await knownNumbers(wanted);
      first ??= book().then(async (open) => ((await open?.largestNumber()) ?? 0) + 1);
      const from = await first;
      for (const key of wanted) {
        if (known.has(key)) continue;
        const number = given.get(key) ?? from + given.size;
        given.set(key, number);
        keys.set(number, key);
        known.set(key, number);
      }
      return known;
    },
    async keysOf(numbers) {
      const stored = numbers.filter((number) => !keys.has(number));
      const found = (await (await book())?.keysOf(stored)) ?? new Map<number, string>();
      for (const number of numbers) {
        const key = keys.get(number);
        if (key !== undefined) found.set(number, key);
      }
      return found;
    },
  };
}
