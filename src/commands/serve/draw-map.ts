import type { Settings } from '../../config.js';
import type { PackedMap } from '../../map/map-data.js';
import { packMap } from '../../map/pack-map.js';
import { withThread } from '../../map/thread/on-thread.js';
import { mapOf } from '../pages/collect-map.js';

/** Draws the map of the settings' collection; store and computation run in threads of their own. */
export const drawMap = (
  settings: Settings,
  progress: (what: string, share: number) => void,
): Promise<PackedMap> =>
  withThread(async (math) => {
    const { data } = await mapOf(settings, progress, { ownThread: true, math });
    return packMap(data, { textIds: true });
  });
