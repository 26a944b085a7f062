import type { SampleLibrary } from '../search/library.js';
import type { Turns } from './turns.js';

/** What the server is made of. */
export interface ServerParts {
  library: SampleLibrary;
  /** For searches, which work hard. */
  turns: Turns;
  /** The page, whole; null: there is only the API. */
  page: string | null;
  /** Told what nobody foresaw. */
  report(error: unknown): void;
}
