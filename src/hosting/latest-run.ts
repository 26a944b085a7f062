import type { Settings } from '../config.js';
import { openStore } from '../store/index.js';
import type { RunRow, Store } from '../store/types.js';
import { isMissingFile } from '../store/url.js';

/**
 * Reads from the store when there is one already. A look changes nothing in it; a repair says `readOnly: false`.
 * Null where there is nothing to read.
 */
export async function withStore<T>(
  settings: Settings,
  read: (store: Store) => Promise<T>,
  { readOnly = true }: { readOnly?: boolean } = {},
): Promise<T | null> {
  const { storeUrl, storeToken } = settings;
  if (storeUrl === null || isMissingFile(storeUrl)) return null;
  const store = await openStore({
    url: storeUrl,
    readOnly,
    ...(storeToken !== null && { authToken: storeToken }),
  });
  try {
    return await read(store);
  } finally {
    await store.close();
  }
}

/** The newest run as the store remembers it, or the one of that id. */
export const latestRunOf = (settings: Settings, runId?: string): Promise<RunRow | null> =>
  withStore(settings, (store) => store.latestRun(runId));
