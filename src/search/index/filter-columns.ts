import { spanOf, textOf } from '../../readings/compare.js';
import type { Reading, Readings } from '../../readings/of-columns.js';
import { ReadTexts } from './read-texts.js';

/** Rows of the catalog, by column. */
export interface ColumnPage {
  ids: readonly number[];
  /** Values from the catalog; undefined: there is no such column. */
  columns: Readonly<Record<string, readonly unknown[]>>;
}

/** A column in memory, as texts read it. Values other than numbers, texts and lists cannot be filtered. */
export interface FilterColumn {
  reading: Reading | undefined;
  /** By row; NaN: not a number. Null: no value is a number. */
  numbers: Float64Array | null;
  /** By row: code in `read`; 0: not a text. Null: no value is a text. */
  codes: Uint32Array | null;
  read: ReadTexts;
}

/** A column with more distinct texts, or more characters in them, is left to the database. */
const MOST_TEXTS = 200_000;
const MOST_LETTERS = 20_000_000;

class Growing {
  numbers: Float64Array | null = null;
  codes: Uint32Array | null = null;
  read: ReadTexts;
  /** Whether the column is left to the database. */
  isOdd = false;
  isThere = false;

  constructor(readonly reading: Reading | undefined) {
    this.read = new ReadTexts(reading);
  }

  set(row: number, value: unknown): void {
    if (value === undefined) return;
    this.isThere = true;
    if (value === null) return;
    if (typeof value === 'number') this.setNumber(row, value);
    else {
      const text = textOf(value);
      if (text === null) this.leave();
      else this.setText(row, text);
    }
  }

  private setNumber(row: number, value: number): void {
    const span = spanOf(value, this.reading);
    if (span === null) return;
    if (this.numbers === null || row >= this.numbers.length)
      this.numbers = larger(this.numbers, new Float64Array(room(row)).fill(Number.NaN));
    this.numbers[row] = span.from;
  }

  private setText(row: number, text: string): void {
    if (this.codes === null || row >= this.codes.length)
      this.codes = larger(this.codes, new Uint32Array(room(row)));
    const code = this.read.add(text);
    this.codes[row] = code;
    if (code > MOST_TEXTS || this.read.letters > MOST_LETTERS) this.leave();
  }

  /** Leaves the column to the database. */
  private leave(): void {
    this.isOdd = true;
    this.numbers = null;
    this.codes = null;
    this.read = new ReadTexts(this.reading);
  }
}

/** The catalog's filter columns in memory; filled page by page. */
export class FilterColumns {
  ids = new Float64Array(1024);
  rows = 0;
  private readonly growing = new Map<string, Growing>();

  constructor(private readonly readings: Readings) {}

  add({ ids, columns }: ColumnPage): void {
    if (this.rows + ids.length > this.ids.length)
      this.ids = larger(this.ids, new Float64Array(room(this.rows + ids.length)));
    this.ids.set(ids, this.rows);
    for (const [name, values] of Object.entries(columns)) {
      const column = this.growing.get(name) ?? new Growing(this.readings.get(name));
      this.growing.set(name, column);
      for (const [at, value] of values.entries()) if (!column.isOdd) column.set(this.rows + at, value);
    }
    this.rows += ids.length;
  }

  /** Returns a column; undefined: there is no such column, or it is left to the database. */
  column(name: string): FilterColumn | undefined {
    const found = this.growing.get(name);
    if (found === undefined || !found.isThere || found.isOdd) return undefined;
    return found;
  }

  /** Returns whether the catalog has the column, in memory or not. */
  knows(name: string): boolean {
    return this.growing.get(name)?.isThere === true;
  }

  /** Returns the names of the columns in memory. */
  names(): string[] {
    return [...this.growing.keys()].filter((name) => this.column(name) !== undefined);
  }

  /** Ends filling: no more rows follow. */
  finish(): void {
    for (const column of this.growing.values()) {
      column.read.finish();
      if (column.numbers !== null && column.numbers.length < this.rows)
        column.numbers = larger(column.numbers, new Float64Array(this.rows).fill(Number.NaN));
      if (column.codes !== null && column.codes.length < this.rows)
        column.codes = larger(column.codes, new Uint32Array(this.rows));
    }
  }

  bytes(): number {
    let bytes = this.ids.byteLength;
    for (const { numbers, codes, read } of this.growing.values())
      bytes += (numbers?.byteLength ?? 0) + (codes?.byteLength ?? 0) + read.bytes();
    return bytes;
  }
}

const room = (row: number): number => Math.max(1024, Math.ceil((row + 1) * 1.5));

function larger<T extends Float64Array | Uint32Array>(from: T | null, to: T): T {
  if (from !== null) to.set(from);
  return to;
}
