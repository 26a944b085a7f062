import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { usageFault } from '../fault.js';
import { ColumnNames } from './column-names.js';
import { type EncodingChoice, textFormOf } from './encoding.js';
import { headOf, textOf } from './text-of-file.js';
import type { FileReader, FileRow, Value } from './types.js';

const SEPARATORS = [',', ';', '\t', '|'];
/** Characters that are read to find the separator and the names. */
const HEAD = 1 << 16;
/** A longer row mostly means that a quotation mark is never closed. */
const LONGEST_ROW = 4_000_000;
/** SQLite's limit is 2,000. */
const MOST_COLUMNS = 500;
/** Excel's own first line, which names the separator. */
const SEP_LINE = /^sep=(.)\r?\n/i;

/** Blanks around a value do not belong to it, so that a quotation mark after a blank is one: `1, "a, b"`. */
const FORM = { relax_quotes: true, relax_column_count: true, skip_empty_lines: true, trim: true } as const;

/**
 * Reads a CSV file with the names of its columns in the first row. Detects the separator: comma, semicolon, tab or bar.
 * A row with fewer or more values than names cannot be used.
 */
export async function readCsv(path: string, choice?: EncodingChoice): Promise<FileReader> {
  const text = await textFormOf(path, choice);
  const { encoding } = text;
  const head = await headOf(path, encoding, HEAD);
  const told = SEP_LINE.exec(head);
  const separator = told?.[1] ?? separatorOf(head);
  const first = rowsOf(head, separator, told === null ? 1 : 2).at(-1);
  if (first === undefined || first.every((name) => name.trim() === ''))
    throw usageFault(`${path} has no row with names of columns: write them into its first line`);
  if (first.length > MOST_COLUMNS)
    throw usageFault(
      `${path} has ${first.length} columns, and ${MOST_COLUMNS} at most are read: keep those that describe a sample`,
    );
  const names = new ColumnNames();
  for (const name of first) names.add(name);
  const width = first.length;

  async function* rows(): AsyncGenerator<FileRow> {
    const parser = Readable.from(textOf(path, encoding)).pipe(
      parse({ ...FORM, delimiter: separator, info: true, max_record_size: LONGEST_ROW }),
    );
    let before = 0;
    let header = told === null ? 1 : 2;
    try {
      for await (const { record, info } of parser as AsyncIterable<{
        record: string[];
        info: { lines: number };
      }>) {
        before = info.lines;
        if (header > 0) header -= 1;
        else yield rowOf(record, width, info.lines);
      }
    } catch (error) {
      throw explained(error, path, before);
    }
  }
  return { columns: names.names, repeated: names.repeated, text, rows };
}

function rowOf(record: string[], width: number, line: number): FileRow {
  // Some programs end each row with a separator.
  if (record.length > width && record.slice(width).every((value) => value.trim() === ''))
    record.length = width;
  if (record.length !== width) return { line, wrong: `other than ${width} values` };
  return { line, values: record.map((value): Value => (value.trim() === '' ? null : value)) };
}

/** Returns the separator with which most rows are as wide as the first row; of equal ones, that with most columns. */
function separatorOf(head: string): string {
  const scored = SEPARATORS.map((separator) => {
    const [first = [], ...others] = rowsOf(head, separator, 20);
    const fit = others.filter((row) => row.length === first.length).length;
    return { separator, width: first.length, fit: others.length === 0 ? 1 : fit / others.length };
  });
  const wide = scored.filter(({ width }) => width > 1);
  const best = wide.sort((a, b) => b.fit - a.fit || b.width - a.width)[0];
  return best?.separator ?? ',';
}

function rowsOf(head: string, delimiter: string, to: number): string[][] {
  try {
    return parseAtOnce(head, { ...FORM, delimiter, to, max_record_size: LONGEST_ROW }) as string[][];
  } catch {
    // The head may end within quotes. The lines before that are enough.
    const lines = head.split('\n').slice(0, to);
    return lines.map((line) =>
      line
        .trimEnd()
        .split(delimiter)
        .map((value) => value.replace(/^"(.*)"$/, '$1')),
    );
  }
}

function explained(error: unknown, path: string, line: number): unknown {
  const { code } = error as CsvError;
  if (code === 'CSV_MAX_RECORD_SIZE')
    return usageFault(
      `${path}: the row after line ${line} has more than ${LONGEST_ROW / 1e6} million letters: shorten it, or close the quotation mark that is opened there (write "" for the character)`,
      error,
    );
  if (code === 'CSV_QUOTE_NOT_CLOSED')
    return usageFault(
      `${path}: a quotation mark that is opened after line ${line} is never closed: close it, or write "" for the character`,
      error,
    );
  return error instanceof Error && String(code).startsWith('CSV_')
    ? usageFault(`${path}, after line ${line}: ${error.message}: correct it there`, error)
    : error;
}
