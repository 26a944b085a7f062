import type { PackedMap } from '../../../map/map-data.js';
import { request } from '../api.js';

const PAUSE_MS = 600;

/** Loads the map once the server has built it. Calls `progress` meanwhile. Throws a Refused. */
export async function loadMap(progress: (what: string, share: number) => void): Promise<PackedMap> {
  for (;;) {
    const response = await request('/api/v1/map');
    if (response.status !== 202) return (await response.json()) as PackedMap;
    const { what, share } = (await response.json()) as { what: string; share: number };
    progress(what, share);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
