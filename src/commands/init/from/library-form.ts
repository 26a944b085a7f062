import type { ListedTable } from '../../../sources/tables.js';

/** What a program's library becomes: one SELECT on its own database, and what is made of its rows. */
export interface LibraryForm {
  select: string;
  /** For a person who reads the configuration. */
  notes: readonly string[];
  /** Lines of the template. */
  text: readonly string[];
  show: readonly string[];
  filters: readonly string[];
  /** The column with the path of the audio file. */
  file: string;
  /** What the library has and the text does not use. */
  left: readonly string[];
}

/** One column of the SELECT. */
export interface LibraryField {
  name: string;
  sql: string;
  /** Its line of the text; absent: it is only shown and filtered by. */
  line?: string;
}

/** The tables of a database, by name; letter case is ignored as SQLite does. */
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

/** The columns of the SELECT, one a line. */
export const selected = (id: string, fields: readonly LibraryField[]): string =>
  ['SELECT', `  ${id} AS id,`, fields.map(({ name, sql }) => `  ${sql} AS ${name}`).join(',\n')].join('\n');

/** The lines that its fields make of a text. */
export const linesOf = (fields: readonly LibraryField[]): string[] =>
  fields.flatMap(({ line }) => (line === undefined ? [] : [line]));

/** The first that is there and not empty. */
export const firstOf = (...values: readonly string[]): string => {
  const filled = values.map((value) => `nullif(${value}, '')`);
  return filled.length === 1 ? (filled[0] ?? '') : `coalesce(${filled.join(', ')})`;
};

/** A file's name without its folders: what is right of the last slash. */
export const fileName = (path: string): string =>
  `replace(${path}, rtrim(${path}, replace(${path}, '/', '')), '')`;

/** A file's name as a title: without its ending, with blanks for underscores. */
export const titleOfFile = (file: string): string =>
  `replace(coalesce(nullif(rtrim(rtrim(${file}, replace(${file}, '.', '')), '.'), ''), ${file}), '_', ' ')`;
