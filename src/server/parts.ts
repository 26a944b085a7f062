import type { PackedMap } from '../map/map-data.js';
import type { DiskPath } from '../sound/disk-path.js';
import type { KitLibrary } from '../take/kit-library.js';

/** What the server is made of. */
export interface ServerParts {
  library: KitLibrary;
  /** The page, whole; null: there is only the API. */
  page: string | null;
  /** Makes the map of the library; `progress` is told what it does, and the share that is done. Absent: there is none. */
  map?(progress: (what: string, share: number) => void): Promise<PackedMap>;
  /** Shows a file in the file manager of the screen before which the asker sits. Absent: nobody knows that screen. */
  reveal?(path: DiskPath): Promise<void>;
  /** Told what nobody foresaw. */
  report(error: unknown): void;
}
