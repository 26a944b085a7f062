import type { Wanted } from '../readings/compare.js';
import type { ScanProgress, ScanSummary } from './folder/scan/types.js';

export type { ScanProgress, ScanSummary } from './folder/scan/types.js';

/** An inclusive range of sample ids. */
export interface IdRange {
  from: number;
  to: number;
}

/** `samples` or `vibe_analyses`; for declared rows `table sounds` or `source.select`. */
export type TableName = string;

/**
 * A table or view, or a SELECT without parameters, as the catalog. Its id is a column of whole numbers or of text, unique
 * and never NULL.
 */
export type DeclaredRows = ({ table: string } | { select: string }) & {
  /** The id's column. Default `id`. */
  id: string;
  /** The columns that are read besides the id. */
  fields: readonly string[];
  /** The columns that the text reads as lists, in any notation. Default: none. */
  lists?: readonly string[];
};

/**
 * Numbers for text ids, kept in the store. A number is 1 or more and is never assigned to another key. New numbers
 * follow the largest one, so that no number is assigned after a gap of 100,000.
 */
export interface TextIdMap {
  /** Returns the number of each key. Keys without one get the next numbers, in the order given. */
  numbersFor(keys: readonly string[]): Promise<Map<string, number>>;
  /** Returns the numbers of the keys that have one; only reads. */
  knownNumbers(keys: readonly string[]): Promise<Map<string, number>>;
  /** Returns the keys of the numbers that are assigned; only reads. */
  keysOf(numbers: readonly number[]): Promise<Map<number, string>>;
}

/** One sample as its database holds it. Columns may have other types than documented. Absent ones are undefined. */
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
  /** Set when the database cannot return the row: its messages by column. The columns that can be read are present. */
  unreadable?: string;
  /** The id in the catalog, if that is text; `id` is then the number that the store assigned. */
  textId?: string;
  /** A declared source's columns. */
  [field: string]: unknown;
}

/** Conditions that a sample must all meet; letter case is ignored. */
export interface SampleFilter {
  genre?: string;
  key?: string;
  /** Inclusive. */
  bpm?: { from: number; to: number };
  /** The primary or the secondary mood. */
  mood?: string;
  /** One of the sample's own tags or of its texture tags. */
  tag?: string;
  /** Inclusive, of the analysis: 0 to 1. Either end may be infinite. */
  energy?: { from: number; to: number };
  danceability?: { from: number; to: number };
  /** Inclusive, in seconds. */
  duration?: { from: number; to: number };
  /** Any other columns. */
  where?: readonly FieldFilter[];
}

/**
 * A column and its condition: equal to a value, ignoring letter case (an item of a list; a number also in another
 * notation, as 80.0 and 80 BPM), or a number in an inclusive range, of which either end may be infinite. Values mean what
 * texts are made of: see `readings/`.
 */
export type FieldFilter = { field: string } & Wanted;

/** What texts can be made of: which columns exist, and how many samples have a value in each. */
export interface CatalogShape {
  samples: number;
  /** Number of samples with an analysis. Null: these rows cannot have one, or no text is made of them. */
  analyses: number | null;
  /**
   * By column, like `samples.genre` (for a declared source the name alone): how many rows hold a value that adds to a
   * text. Null: there is no such column.
   */
  filled: Readonly<Record<string, number | null>>;
  /** As Catalog.hiddenTables returns them. */
  hidden: readonly TableName[];
}

/** Returns whether samples may be hidden, not only analyses. A hidden sample cannot be told from a deleted one. */
export const hidesSamples = (hidden: readonly TableName[]): boolean =>
  hidden.some((table) => table !== 'vibe_analyses');

/** Which rows are read, and which of their columns. */
export interface PageOfRows {
  after: number | null;
  limit: number;
  ranges?: readonly IdRange[];
  /**
   * The sample library's columns to read, including those that no text is made of; undefined in a row if they do not
   * exist. Default: those that texts are made of. Declared rows always have their declared columns.
   */
  columns?: readonly string[];
}

/**
 * Rows by number. When the catalog's ids are text, `id` is the number that a TextIdMap assigned to the text, and `textId`
 * is the text. Each method documents what then differs.
 */
export interface Catalog {
  /** Updates the index of a folder to its current files. Absent: the catalog is a database, which has no such index. */
  refresh?(options: {
    onProgress?: (progress: ScanProgress) => void;
    signal?: AbortSignal;
  }): Promise<ScanSummary>;
  /**
   * For folders only: returns the id of the sample whose file is at this path, or null. The path may be relative to the
   * working directory or to the folder.
   */
  idOfPath?(path: string): Promise<number | null>;
  /** Returns why the file at this path is no sample: the end of a message, with the cure. Null if there is no file. */
  whyNoSample?(path: string): Promise<string | null>;
  /** Where it is, without secrets: `PostgreSQL at localhost:5432/samples`. */
  readonly place: string;
  /** The kind of its database. */
  readonly dialect: 'sqlite' | 'postgres';
  /** Returns a mark that changes whenever the catalog may have changed; null: only a full read would tell. Fast. */
  changeMark(): string | null;
  /** Returns the type of the ids in the database. */
  idKind(): Promise<'integer' | 'text'>;
  /**
   * Checks that tables, columns and ids are usable; throws a Fault naming what is missing. Reads no sample text.
   * `vibe_analyses` may be missing or empty.
   */
  inspect(): Promise<{ dialect: 'sqlite' | 'postgres'; samples: number }>;
  /** Counts the filled columns of all samples. The database reads each row once. */
  survey(): Promise<CatalogShape>;
  /** Returns the columns for texts that do not exist, like `samples.genre`. */
  missingColumns(): Promise<string[]>;
  /** Returns the tables of which row-level security hides rows from this role: rows that are not returned may exist. */
  hiddenTables(): Promise<readonly TableName[]>;
  /**
   * Returns up to `limit` rows with id > `after` (null: from the start), ascending; only ids inside `ranges` when given
   * (sorted, merged). Fewer than `limit` rows: there are no more. Text ids without `ranges` come in the database's
   * order of the text, not in that of the numbers: `after` is the id of the last row of the previous page, whether or
   * not that row still exists. With `ranges` they come by ascending number, and only those that already have a number.
   */
  readPage(page: PageOfRows): Promise<SampleRow[]>;
  /** Returns the rows of these ids, ascending; leaves out ids that do not exist. `columns`: as in PageOfRows. */
  readIds(ids: readonly number[], columns?: readonly string[]): Promise<SampleRow[]>;
  /** Returns which of these ids exist; reads no sample text. */
  whichExist(ids: readonly number[]): Promise<Set<number>>;
  /**
   * Returns the ids of the matching samples, ascending; of text ids only those that have a number. Throws a Fault when
   * the catalog lacks a column of the filter.
   */
  findIds(filter: SampleFilter): Promise<number[]>;
  /** Returns the number of samples in a selection. */
  count(ranges?: readonly IdRange[]): Promise<number>;
  close(): Promise<void>;
}
