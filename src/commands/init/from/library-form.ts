import type { ListedTable } from '../../../sources/tables.js';

/** How a program's library is declared: one SELECT on its own database, and how its rows are used. */
export interface LibraryForm {
  select: string;
  /** Comments for the reader of the configuration. */
  notes: readonly string[];
  /** Lines of the template. */
  text: readonly string[];
  show: readonly string[];
  filters: readonly string[];
  /** The column with the path of the audio file. */
  file: string;
  /** Columns of the library that the text does not use. */
  left: readonly string[];
  /** What the user has to set, as a sentence. */
  advice?: string;
}

/** One column of the SELECT. */
export interface LibraryField {
  name: string;
  sql: string;
  /** Its line of the text; absent: the field is only shown and filtered by. */
  line?: string;
}

/** The tables of a database, by name. Letter case is ignored, as in SQLite. */
export interface Tables {
  has(table: string, ...columns: string[]): boolean;
  columnsOf(table: string): string[];
}

export function tablesOf(tables: readonly ListedTable[]): Tables {
  const byName = new Map(
    tables.map(({ name, columns }) => [name.toLowerCase(), columns.map((column) => column.name)] as const),
  );
  const columnsOf = (table: string): string[] => byName.get(table.toLowerCase()) ?? [];
  return {
    columnsOf,
    has(table, ...columns) {
      const there = columnsOf(table).map((column) => column.toLowerCase());
      return there.length > 0 && columns.every((column) => there.includes(column.toLowerCase()));
    },
  };
}

/** Returns the columns of the SELECT, one per line. */
export const selected = (id: string, fields: readonly LibraryField[]): string =>
  ['SELECT', `  ${id} AS id,`, fields.map(({ name, sql }) => `  ${sql} AS ${name}`).join(',\n')].join('\n');

/** Returns the text lines of those fields that have one. */
export const linesOf = (fields: readonly LibraryField[]): string[] =>
  fields.flatMap(({ line }) => (line === undefined ? [] : [line]));

/** Returns SQL for the first value that is neither null nor empty. */
export const firstOf = (...values: readonly string[]): string => {
  const filled = values.map((value) => `nullif(${value}, '')`);
  return filled.length === 1 ? (filled[0] ?? '') : `coalesce(${filled.join(', ')})`;
};

/** Returns SQL for a tempo; null for 0 and less, which programs write for an unknown one. */
export const tempoOf = (column: string): string => `CASE WHEN ${column} > 0 THEN ${column} END`;

/** Returns SQL for a file's name without its folders: the part after the last slash. */
export const fileName = (path: string): string =>
  `replace(${path}, rtrim(${path}, replace(${path}, '/', '')), '')`;

/** Returns SQL for a title from a file's name: without its extension, underscores replaced by spaces. */
export const titleOfFile = (file: string): string =>
  `replace(coalesce(nullif(rtrim(rtrim(${file}, replace(${file}, '.', '')), '.'), ''), ${file}), '_', ' ')`;
