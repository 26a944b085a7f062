import type { ScanProgress, ScanSummary } from './folder/scan/types.js';

export type { ScanProgress, ScanSummary } from './folder/scan/types.js';

/** An inclusive range of sample ids. */
export interface IdRange {
  from: number;
  to: number;
}

/** `samples` and `vibe_analyses`, or of declared rows `table sounds` or `source.select`. */
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
};

/**
 * Numbers that stand for text ids; the store keeps them. A number is 1 or more, is never given to another key, and new
 * ones follow the largest, so that 100,000 in a row that stand for nothing end the book.
 */
export interface KeyBook {
  /** The number of each key; keys that have none get one, the next ones in the order given. */
  numbersFor(keys: readonly string[]): Promise<Map<string, number>>;
  /** The numbers of those keys that have one; only reads. */
  knownNumbers(keys: readonly string[]): Promise<Map<string, number>>;
  /** The keys of those numbers that stand for one; only reads. */
  keysOf(numbers: readonly number[]): Promise<Map<number, string>>;
}

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
  textId?: string;
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
  /** Inclusive, of the analysis: 0 to 1. Either end may be infinite. */
  energy?: { from: number; to: number };
  danceability?: { from: number; to: number };
  /** Inclusive, in seconds. */
  duration?: { from: number; to: number };
  /** Any other columns. */
  where?: readonly FieldFilter[];
}

/**
 * A column and what it must hold: a value, equal but for letter case (a number also where it is written otherwise, as
 * 80.0), or a number of an inclusive range, of which either end may be infinite.
 */
export type FieldFilter = { field: string; is: string } | { field: string; from: number; to: number };

/** What texts can be made of: which columns there are, and how many samples have each filled. */
export interface CatalogShape {
  samples: number;
  /** Samples with an analysis; null: these rows have none to have, or no text is made of them. */
  analyses: number | null;
  /**
   * By column, like `samples.genre` (a declared source's by its name alone): how many rows hold something that makes it
   * into a text; null: there is no such column.
   */
  filled: Readonly<Record<string, number | null>>;
  /** As Catalog.hidden gives them. */
  hidden: readonly TableName[];
}

/** Whether what is hidden may be samples, and not only what is known of them: then nobody can tell what is gone. */
export const hidesSamples = (hidden: readonly TableName[]): boolean =>
  hidden.some((table) => table !== 'vibe_analyses');

/** Which rows are read, and what of them. */
export interface PageOfRows {
  after: number | null;
  limit: number;
  ranges?: readonly IdRange[];
  /**
   * The sample library's columns that are read, also such as no text is made of; one that is not there is undefined.
   * Default: those that texts are made of. Declared rows are always read as they are declared.
   */
  columns?: readonly string[];
}

/**
 * Rows by number. Where the catalog's ids are text, `id` is the number that a KeyBook gave the text, `textId` the text; what
 * then differs is said with each method.
 */
export interface Catalog {
  /** Makes the index of a folder say what lies in it now. Absent: the catalog is a database, which is always as it is. */
  refresh?(options: {
    onProgress?: (progress: ScanProgress) => void;
    signal?: AbortSignal;
  }): Promise<ScanSummary>;
  /**
   * Of a folder: the sample whose file that path names, also relative to the working directory or to the folder; null: there
   * is none.
   */
  idOfPath?(path: string): Promise<number | null>;
  /** Why the file of that path is no sample, as the end of a sentence with its cure; null: there is no such file. */
  whyNoSample?(path: string): Promise<string | null>;
  /** Where it is, without secrets: `PostgreSQL at localhost:5432/samples`. */
  readonly place: string;
  /** How its database compares texts and numbers. */
  readonly dialect: 'sqlite' | 'postgres';
  /** Changes whenever the catalog may have changed; null: only reading it would tell. Quick. */
  changeMark(): string | null;
  /** Whether ids are numbers themselves. */
  idKind(): Promise<'integer' | 'text'>;
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
  /**
   * Up to `limit` rows with id > `after` (null: from the start), ascending; only ids inside `ranges` when given (sorted,
   * merged). Fewer than `limit` rows: there are no more. Text ids without `ranges` come in the database's own order of
   * the text, which is not that of the numbers: `after` is the id of the last row of the page before, whether or not
   * that row is still there. With `ranges` they come by ascending number, and only those that have one already.
   */
  readPage(page: PageOfRows): Promise<SampleRow[]>;
  /** The rows of these ids, ascending; ids that are not there are left out. `columns`: as in PageOfRows. */
  readIds(ids: readonly number[], columns?: readonly string[]): Promise<SampleRow[]>;
  /** Which of these ids are there; reads no sample text. */
  whichExist(ids: readonly number[]): Promise<Set<number>>;
  /**
   * The ids of the samples that fit, ascending; of text ids those that have a number. A Fault where the catalog lacks a
   * column that is asked for.
   */
  findIds(filter: SampleFilter): Promise<number[]>;
  /** How many samples a selection holds. */
  count(ranges?: readonly IdRange[]): Promise<number>;
  close(): Promise<void>;
}
