import type { Store } from '../engines/store.js';

/**
 * Returns the generations beside the active one that a run of all samples also brings up to date: bought ones that hold
 * at least one row. An empty one was never begun, or its model returned nothing that can be stored: each night's run
 * would buy that again.
 */
export async function buildsToFollow(
  store: Pick<Store, 'generations' | 'generationSizes'>,
): Promise<number[]> {
  const bought = (await store.generations()).filter(
    ({ state, source }) => state === 'building' && source === null,
  );
  if (bought.length === 0) return [];
  const sizes = await store.generationSizes();
  return bought.map(({ number }) => number).filter((number) => (sizes.get(number)?.rows ?? 0) > 0);
}
