import { required, type Settings } from '../../config.js';
import type { Store } from '../../engines/store.js';
import type { Generation } from '../../engines/types.js';
import { usageFault } from '../../fault.js';
import { openExistingStore } from '../../hosting/existing-store.js';

/** Opens the settings' store and updates its tables. Throws a usage Fault if there is no store yet. */
export async function withGenerations<T>(
  settings: Settings,
  act: (store: Store, all: Generation[]) => Promise<T>,
): Promise<T> {
  const store = await openExistingStore(required(settings, 'storeUrl'), { readOnly: false });
  if (store === null)
    throw usageFault('nothing is stored yet, so there is no generation: embed with embeddings --all');
  try {
    await store.migrate();
    return await act(store, await store.generations());
  } finally {
    await store.close();
  }
}

export const activeOf = (all: readonly Generation[]): Generation =>
  all.find(({ state }) => state === 'active') as Generation;

/** Returns the generation of that number, as typed. Throws a usage Fault if there is none. */
export function generationNumbered(all: readonly Generation[], text: string): Generation {
  const found = all.find(({ number }) => String(number) === text.trim());
  if (found !== undefined) return found;
  throw usageFault(
    `there is no generation ${text}, only ${all.map(({ number }) => number).join(', ')}: see embeddings model list`,
  );
}
