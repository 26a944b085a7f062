import type { Settings } from '../config.js';
import { hideSecrets } from '../hide-secrets.js';

/** Returns where the catalog is, to show to people, without secrets. Null when it is not set. */
export function catalogLabel({
  catalogUrl,
  collection,
}: Pick<Settings, 'catalogUrl' | 'collection'>): string | null {
  if (collection.folder !== null) return collection.folder.roots.join(', ');
  return catalogUrl === null ? null : hideSecrets(catalogUrl);
}
