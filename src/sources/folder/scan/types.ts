/** What a scan is at: another scan of the same index is awaited, folders are looked at, or new files are read. */
export type ScanProgress =
  | { phase: 'waiting' }
  | { phase: 'looking'; found: number }
  | { phase: 'reading'; done: number; total: number };

/** Files of one kind, with the first three of their paths. */
export interface Told {
  count: number;
  examples: string[];
}

export interface ScanSummary {
  /** As absolute paths, and how many samples each has now; one whose samples another root around it has is left out. */
  roots: { path: string; samples: number }[];
  /** Rows of `files` now. */
  samples: number;
  added: number;
  /** Read again, as size or time had changed. */
  changed: number;
  /** Found under another path; their ids stay. */
  moved: number;
  /** Rows that are gone. */
  removed: number;
  unchanged: number;
  /** Still being written, or changed while they were read: left for the next scan. */
  postponed: Told;
  /** Folders, links and files that could not be read: what was known of them is kept. By the reason. */
  unreadable: Record<string, Told>;
  /** Files that are no samples, by the reason. */
  leftOut: Record<string, Told>;
  /** Samples that are taken in though something is wrong with them, by what it is. */
  flawed: Record<string, Told>;
  /** Names that are no UTF-8: their rows show them as Windows-1252. */
  oddNames: Told;
  /** How many rows have each column filled, by where it comes from: `{ bpm: { 'acid chunk': 12 } }`. */
  understood: Record<string, Record<string, number>>;
  /** Milliseconds. */
  took: number;
}

/** Counts a path of one kind. */
export function tell(told: Told, path: string): void {
  told.count++;
  if (told.examples.length < 3) told.examples.push(path);
}

export function tellUnder(by: Record<string, Told>, reason: string, path: string): void {
  by[reason] ??= { count: 0, examples: [] };
  tell(by[reason], path);
}
