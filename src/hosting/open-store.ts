import type { Settings } from '../config.js';
import type { StoreOptions } from '../engines/libsql/connection.js';
import { openStore } from '../engines/libsql/index.js';
import type { Store } from '../engines/store.js';

/** Settings that name a store. */
export type WithStore = Pick<Settings, 'storeToken'> & { storeUrl: string };

/** Opens the collection's store with its token. Fails as openStore does. */
export const openStoreOf = (
  { storeUrl, storeToken }: WithStore,
  options: Omit<StoreOptions, 'url' | 'authToken'> = {},
): Promise<Store> =>
  openStore({ url: storeUrl, ...(storeToken !== null && { authToken: storeToken }), ...options });
