import type { Store } from '../engines/store.js';

type Keys = Pick<Store, 'identity' | 'keysOf'>;

/**
 * Returns the text ids that these numbers stand for, since the numbers mean nothing to a person. Empty if the catalog's
 * ids are numbers, or if the store has no tables yet.
 */
export async function textIdsOf(
  store: Keys | null,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (store === null || numbers.length === 0 || (await store.identity()) === null) return new Map();
  return store.keysOf(numbers);
}

/** Returns the rows, each with its text id if it has one. */
export async function withTextIds<T extends { sampleId: number | null }>(
  store: Keys | null,
  rows: readonly T[],
): Promise<(T & { textId?: string })[]> {
  const ids = await textIdsOf(
    store,
    rows.flatMap(({ sampleId }) => sampleId ?? []),
  );
  return rows.map((row) => {
    const textId = row.sampleId === null ? undefined : ids.get(row.sampleId);
    return textId === undefined ? row : { ...row, textId };
  });
}
