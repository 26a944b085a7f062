/** The phase of a scan: it waits for another scan of the same index, walks the folders, or reads new files. */
export type ScanProgress =
  | { phase: 'waiting' }
  | { phase: 'looking'; found: number }
  | { phase: 'reading'; done: number; total: number };

/** The number of files of one kind, with the first three paths. */
export interface PathTally {
  count: number;
  examples: string[];
}

export interface ScanSummary {
  /** Absolute paths, and how many samples each has now. A root without samples inside another root is left out. */
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
  postponed: PathTally;
  /** Folders, links and files that could not be read, by reason. What was known of them is kept. */
  unreadable: Record<string, PathTally>;
  /** Files that are not samples, by reason. */
  leftOut: Record<string, PathTally>;
  /** Samples that are indexed although something is wrong with them, by flaw. */
  flawed: Record<string, PathTally>;
  /** Links that lead out of the roots: they are not followed. */
  outside: PathTally;
  /** Names that are not UTF-8: their rows show them as Windows-1252. */
  oddNames: PathTally;
  /** Samples with tags that were not understood, by note (`bpm: ID3 tag TBPM is no tempo`): the column is empty. */
  unreadTags: Record<string, PathTally>;
  /** How many rows have a value in each column, by its origin: `{ bpm: { 'acid chunk': 12 } }`. */
  understood: Record<string, Record<string, number>>;
  /** Milliseconds. */
  took: number;
}

/** Counts a path of one kind. */
export function countPath(tally: PathTally, path: string): void {
  tally.count++;
  if (tally.examples.length < 3) tally.examples.push(path);
}

export function countPathUnder(by: Record<string, PathTally>, reason: string, path: string): void {
  by[reason] ??= { count: 0, examples: [] };
  countPath(by[reason], path);
}
