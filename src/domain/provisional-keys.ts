import type { Store } from '../engines/store.js';
import type { TextIdMap } from '../sources/types.js';
import { rememberingKeys } from './remembering-keys.js';

type KeyReads = Pick<Store, 'knownNumbers' | 'keysOf' | 'largestNumber'>;

/**
 * Creates a TextIdMap for reads only: keys that the store does not know get numbers that only this object uses. `store`
 * null: there is none yet. `remember`: the store is asked once for each key that it knows; default false.
 */
export function provisionalKeys(
  store: () => Promise<(KeyReads & Pick<Store, 'identity'>) | null>,
  { remember = false } = {},
): TextIdMap {
  let first: Promise<number> | null = null;
  const given = new Map<string, number>();
  const keys = new Map<number, string>();
  let made: KeyReads | null = null;
  /** Null: there is no store yet, or it has no tables. */
  const reads = async (): Promise<KeyReads | null> => {
    if (made !== null) return made;
    const open = await store();
    if (open === null || (await open.identity()) === null) return null;
    made = { largestNumber: open.largestNumber, ...(remember ? rememberingKeys(open) : open) };
    return made;
  };
  const knownNumbers: TextIdMap['knownNumbers'] = async (wanted) =>
    (await (await reads())?.knownNumbers(wanted)) ?? new Map<string, number>();
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
      first ??= reads().then(async (open) => ((await open?.largestNumber()) ?? 0) + 1);
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
      const found = (await (await reads())?.keysOf(stored)) ?? new Map<number, string>();
      for (const number of numbers) {
        const key = keys.get(number);
        if (key !== undefined) found.set(number, key);
      }
      return found;
    },
  };
}
