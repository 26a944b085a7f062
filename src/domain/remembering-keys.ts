import type { TextIdMap } from '../sources/types.js';

type KeyReads = Pick<TextIdMap, 'knownNumbers' | 'keysOf'>;

/** This many keys take some 30 MB; beyond that the oldest are forgotten. */
const MOST = 200_000;

/**
 * Caches the reads of a store's numbers of keys, so that each key is asked for once: a number is never given to
 * another key. Keys that the store does not know are asked for each time.
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
    knownNumbers: (wanted) => throughMemory(wanted, numbers, knownNumbers, remember),
    keysOf: (wanted) => throughMemory(wanted, keys, keysOf, (number, key) => remember(key, number)),
  };
}

/** Returns what memory holds of `wanted`, and the rest from `ask`, which is then remembered. */
async function throughMemory<K, V>(
  wanted: readonly K[],
  memory: ReadonlyMap<K, V>,
  ask: (missing: readonly K[]) => Promise<Map<K, V>>,
  remember: (key: K, value: V) => void,
): Promise<Map<K, V>> {
  const missing = wanted.filter((key) => !memory.has(key));
  const found = missing.length === 0 ? new Map<K, V>() : await ask(missing);
  const known = new Map(found);
  for (const key of wanted) {
    const value = memory.get(key);
    if (value !== undefined) known.set(key, value);
  }
  for (const [key, value] of found) remember(key, value);
  return known;
}
