/** An inclusive range of sample ids. */
export interface IdRange {
  from: number;
  to: number;
}

export type TableName = 'samples' | 'vibe_analyses';

/** One sample as its database holds it: nothing is trusted to have the documented type. Absent columns are undefined. */
export interface SampleRow {
  id: number;
  title?: unknown;
  genre?: unknown;
  bpm?: unknown;
  musical_key?: unknown;
  tags?: unknown;
  mood_primary?: unknown;
  mood_secondary?: unknown;
  energy_level?: unknown;
  texture_tags?: unknown;
  characteristics?: unknown;
  /** The database cannot give the row: which column, and its words. What it could give is there. Absent: it could. */
  unreadable?: string;
  /** Its id in the catalog where that is text; `id` is then the number that the store gave it. */
  key?: string;
  /** A declared source's columns. */
  [field: string]: unknown;
}

/** What samples must fit, all of it; letter case is ignored. */
export interface SampleFilter {
  genre?: string;
  key?: string;
  /** Inclusive. */
  bpm?: { from: number; to: number };
  /** The primary or the secondary one. */
  mood?: string;
  /** One of the sample's own tags or of its texture tags. */
  tag?: string;
}

/** What texts can be made of: which columns there are, and how many samples have each filled. */
export interface CatalogShape {
  samples: number;
  /** Samples with an analysis. */
  analyses: number;
  /**
   * By column, like `samples.genre`: how many rows hold something that makes it into a text; null: there is no such
   * column.
   */
  filled: Readonly<Record<string, number | null>>;
  /** Tables of which the database hides rows from us (row-level security). */
  hidden: readonly TableName[];
}

export interface Catalog {
  /** Where it is, without secrets: `PostgreSQL at localhost:5432/samples`. */
  readonly place: string;
  /**
   * Checks that tables, columns and ids are usable; throws a Fault naming what is missing. Reads no sample text.
   * `vibe_analyses` may be missing or empty.
   */
  inspect(): Promise<{ dialect: 'sqlite' | 'postgres'; samples: number }>;
  /** Counts what every sample has; reads each row once, in the database. */
  survey(): Promise<CatalogShape>;
  /** Columns that texts could be made of and that are not there, like `samples.genre`. */
  absent(): Promise<string[]>;
  /** Tables of which the database hides rows from us (row-level security): what is not seen there may yet be. */
  hidden(): Promise<readonly TableName[]>;
  /** Up to `limit` rows with id > `after` (null: from the start), ascending; only ids inside `ranges` when given (sorted, merged). */
  readPage(page: { after: number | null; limit: number; ranges?: readonly IdRange[] }): Promise<SampleRow[]>;
  /** The rows of these ids, ascending; ids that are not there are left out. */
  readIds(ids: readonly number[]): Promise<SampleRow[]>;
  /** Which of these ids are there; reads no sample text. */
  whichExist(ids: readonly number[]): Promise<Set<number>>;
  /** The ids of the samples that fit, ascending. A Fault where the catalog lacks a column that is asked for. */
  findIds(filter: SampleFilter): Promise<number[]>;
  /** How many samples a selection holds. */
  count(ranges?: readonly IdRange[]): Promise<number>;
  close(): Promise<void>;
}
