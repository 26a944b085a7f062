import type { KeyBook } from '../sources/types.js';

type KeyReads = Pick<KeyBook, 'knownNumbers' | 'keysOf'>;

/** So many keys take some 30 MB; beyond, the oldest are forgotten. */
const MOST = 200_000;

/**
 * The same reads of a store's book, each key of which is asked for once: a number that the store gave is never given to
 * another key. What the store does not know is asked for each time.
 */
export function rememberingKeys({ knownNumbers, keysOf }: KeyReads, most = MOST): KeyReads {
  const numbers = new Map<string, number>();
  const keys = new Map<number, string>();
  const remember = (key: string, number: number): void => {
    numbers.set(key, number);
    keys.set(number, key);
    if (numbers.size <= most) return;
    const [oldest] = numbers;
    if (oldest === undefined) return;
    numbers.delete(oldest[0]);
    keys.delete(oldest[1]);
  };
  return {
    async knownNumbers(wanted) {
      const missing = wanted.filter((key) => !numbers.has(key));
      const found = missing.length === 0 ? new Map<string, number>() : await knownNumbers(missing);
      const known = new Map(found);
      for (const key of wanted) {
        const number = numbers.get(key);
        if (number !== undefined) known.set(key, number);
      }
      for (const [key, number] of found) remember(key, number);
      return known;
    },
    async keysOf(wanted) {
      const missing = wanted.filter((number) => !keys.has(number));
      const found = missing.length === 0 ? new Map<number, string>() : await keysOf(missing);
      const known = new Map(found);
      for (const number of wanted) {
        const key = keys.get(number);
        if (key !== undefined) known.set(number, key);
      }
      for (const [number, key] of found) remember(key, number);
      return known;
    },
  };
}
