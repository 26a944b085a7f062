import type { Settings } from '../config.js';
import { hideSecrets } from '../hide-secrets.js';

/** Where the catalog is, for people; null: it is not set. */
export function catalogShown({
  catalogUrl,
  collection,
}: Pick<Settings, 'catalogUrl' | 'collection'>): string | null {
  if (collection.folder !== null) return collection.folder.roots.join(', ');
  return catalogUrl === null ? null : hideSecrets(catalogUrl);
}
