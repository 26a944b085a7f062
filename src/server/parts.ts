import type { PackedMap } from '../map/map-data.js';
import type { DiskPath } from '../sound/disk-path.js';
import type { KitLibrary } from '../take/kit-library.js';

/** What the server needs. */
export interface ServerParts {
  library: KitLibrary;
  /** The page's HTML; null: the server has only the API. */
  page: string | null;
  /** Builds the library's map; calls `progress` with the current step and the share done. Absent: there is no map. */
  map?(progress: (what: string, share: number) => void): Promise<PackedMap>;
  /** Shows a file in the file manager on the client's screen. Absent: the client may be on another machine. */
  reveal?(path: DiskPath): Promise<void>;
  /** Called with unexpected errors. */
  report(error: unknown): void;
}
