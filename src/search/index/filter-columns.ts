/** Rows of the catalog, by column. */
export interface ColumnPage {
  ids: readonly number[];
  /** Values from the catalog; undefined: there is no such column. */
  columns: Readonly<Record<string, readonly unknown[]>>;
}

export type Dialect = 'sqlite' | 'postgres';

/** A column in memory. Values other than numbers and text cannot be filtered. */
export interface FilterColumn {
  /** By row; NaN: not a number. Null: no value is a number. */
  numbers: Float64Array | null;
  /** By row: index in `texts`, from 1 on; 0: not a text. Null: no value is a text. */
  codes: Uint32Array | null;
  /** Each distinct text, by code; the first entry is unused. */
  texts: string[];
  /** Whether it has arrays of PostgreSQL, which are kept as JSON. */
  hasArrays: boolean;
}

/** A column with more distinct texts, or more characters in them, is left to the database. */
const MOST_TEXTS = 200_000;
const MOST_LETTERS = 20_000_000;
/** Damaged text, and letters whose lower case may be ASCII in PostgreSQL. */
const ODD = { sqlite: /\ufffd/, postgres: /[\ufffd\u0130\u212a]/ } as const;

class Growing {
  numbers: Float64Array | null = null;
  codes: Uint32Array | null = null;
  readonly texts: string[] = [''];
  readonly known = new Map<string, number>();
  letters = 0;
  hasArrays = false;
  /** Whether a value cannot be compared here as the database does. */
  isOdd = false;
  isThere = false;

  setNumber(row: number, value: number): void {
    if (this.numbers === null || row >= this.numbers.length)
      this.numbers = larger(this.numbers, new Float64Array(room(row)).fill(Number.NaN));
    this.numbers[row] = value;
  }

  setText(row: number, text: string): void {
    if (this.codes === null || row >= this.codes.length)
      this.codes = larger(this.codes, new Uint32Array(room(row)));
    let code = this.known.get(text);
    if (code === undefined) {
      code = this.texts.push(text) - 1;
      this.known.set(text, code);
      this.letters += text.length;
      if (code > MOST_TEXTS || this.letters > MOST_LETTERS) {
        this.leave();
        return;
      }
    }
    this.codes[row] = code;
  }

  /** Leaves the column to the database. */
  leave(): void {
    this.isOdd = true;
    this.numbers = null;
    this.codes = null;
    this.texts.length = 1;
    this.known.clear();
  }
}

/** The catalog's filter columns in memory; filled page by page. */
export class FilterColumns {
  ids = new Float64Array(1024);
  rows = 0;
  private readonly growing = new Map<string, Growing>();

  constructor(readonly dialect: Dialect) {}

  add({ ids, columns }: ColumnPage): void {
    if (this.rows + ids.length > this.ids.length)
      this.ids = larger(this.ids, new Float64Array(room(this.rows + ids.length)));
    this.ids.set(ids, this.rows);
    for (const [name, values] of Object.entries(columns)) {
      const column = this.growing.get(name) ?? new Growing();
      this.growing.set(name, column);
      for (const [at, value] of values.entries()) if (!column.isOdd) this.set(column, this.rows + at, value);
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
      column.known.clear();
      if (column.numbers !== null && column.numbers.length < this.rows)
        column.numbers = larger(column.numbers, new Float64Array(this.rows).fill(Number.NaN));
      if (column.codes !== null && column.codes.length < this.rows)
        column.codes = larger(column.codes, new Uint32Array(this.rows));
    }
  }

  bytes(): number {
    let bytes = this.ids.byteLength;
    for (const { numbers, codes, texts, letters } of this.growing.values())
      bytes += (numbers?.byteLength ?? 0) + (codes?.byteLength ?? 0) + letters + 24 * texts.length;
    return bytes;
  }

  private set(column: Growing, row: number, value: unknown): void {
    if (value === undefined) return;
    column.isThere = true;
    if (value === null) return;
    if (typeof value === 'number') {
      if (Number.isFinite(value)) column.setNumber(row, value);
      // A filter never matches PostgreSQL's NaN either.
      else if (!Number.isNaN(value)) column.leave();
      return;
    }
    const text = typeof value === 'string' ? value : typeof value === 'boolean' ? String(value) : null;
    if (text !== null && !ODD[this.dialect].test(text)) column.setText(row, text);
    else if (Array.isArray(value)) {
      column.hasArrays = true;
      column.setText(row, JSON.stringify(value));
    } else column.leave();
  }
}

const room = (row: number): number => Math.max(1024, Math.ceil((row + 1) * 1.5));

function larger<T extends Float64Array | Uint32Array>(from: T | null, to: T): T {
  if (from !== null) to.set(from);
  return to;
}
