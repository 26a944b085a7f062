import type { Settings } from '../config.js';
import { builtBy } from '../contract/names.js';
import { readFromStore } from './existing-store.js';

/**
 * Returns the settings for the run that a command means when it names none: the newest run that is not over, which may
 * build a generation. Otherwise the ordinary run, also when the store cannot be read.
 */
export async function settingsForImpliedRun<S extends Settings>(settings: S): Promise<S> {
  const row = await readFromStore(settings, (store) => store.openRun()).catch(() => null);
  const building = row === null ? null : builtBy(row.workflowId);
  return building === null ? settings : { ...settings, building };
}
