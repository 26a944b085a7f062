/** Files of rows that are read into a database of ours. */
export type FileKind = 'csv' | 'jsonl' | 'rekordbox';

/** What a file holds in one place; empty text is null. Lists and objects of JSON are JSON text. */
export type Value = string | number | null;

/** A row: its values in the order of the reader's columns, which may have become more since; or why it cannot be used. */
export type FileRow = { line: number; values: Value[] } | { line: number; wrong: string };

export interface FileReader {
  /** Each name once, letter case aside; more may come while rows are read. */
  readonly columns: readonly string[];
  /** Names that were there twice, as the file writes them. */
  readonly repeated: ReadonlySet<string>;
  /** Once. Throws a usage Fault where the file is not what it should be. */
  rows(): AsyncIterable<FileRow>;
}
