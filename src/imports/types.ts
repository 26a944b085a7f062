import type { TextForm } from './encoding.js';

/** Files of rows that are imported into a catalog file. */
export type FileKind = 'csv' | 'jsonl' | 'rekordbox';

/** A value in a file. Empty text is null; JSON lists and objects are JSON text. */
export type Value = string | number | null;

/** A row: its values in the order of the reader's columns, of which more may follow; or why it cannot be used. */
export type FileRow = { line: number; values: Value[] } | { line: number; wrong: string };

export interface FileReader {
  /** Unique names, ignoring letter case. More may be added while rows are read. */
  readonly columns: readonly string[];
  /** Names that occur twice, as the file writes them. */
  readonly repeated: ReadonlySet<string>;
  /** How the file's bytes are read. */
  readonly text: TextForm;
  /** Yields the rows; can be called once. Throws a usage Fault when the file is invalid. */
  rows(): AsyncIterable<FileRow>;
}
