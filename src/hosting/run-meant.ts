import type { Settings } from '../config.js';
import { builtBy } from '../contract/names.js';
import { withStore } from './existing-store.js';

/**
 * The settings for the run that somebody means who names none: the newest that is not over, which may be that of a
 * generation that is being built; else the ordinary one, as where the store cannot be read.
 */
export async function forRunMeant<S extends Settings>(settings: S): Promise<S> {
  const row = await withStore(settings, (store) => store.openRun()).catch(() => null);
  const building = row === null ? null : builtBy(row.workflowId);
  return building === null ? settings : { ...settings, building };
}
