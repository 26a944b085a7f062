/** Adds a value to the set of a key, which is created if there is none. */
export function addTo<Key>(map: Map<Key, Set<string>>, key: Key, value: string): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}
