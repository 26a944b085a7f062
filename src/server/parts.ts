import type { PackedMap } from '../map/map-data.js';
import type { KitLibrary } from '../take/kit-library.js';

/** What the server is made of. */
export interface ServerParts {
  library: KitLibrary;
  /** The page, whole; null: there is only the API. */
  page: string | null;
  /** Makes the map of the library; `progress` is told what it does, and the share that is done. Absent: there is none. */
  map?(progress: (what: string, share: number) => void): Promise<PackedMap>;
  /** Told what nobody foresaw. */
  report(error: unknown): void;
}
