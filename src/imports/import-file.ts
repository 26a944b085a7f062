import { createHash } from 'node:crypto';
import { usageFault } from '../fault.js';
import { readNumber } from '../readings/field.js';
import { type Difference, notWritten, writeCatalog } from './catalog-file.js';
import type { EncodingChoice, TextForm } from './encoding.js';
import type { Matched } from './match-columns.js';
import { openFile } from './open-file.js';
import { SilentColumns, type SilentKind } from './silent-values.js';
import type { FileKind, Value } from './types.js';

export interface ImportPlan {
  kind: FileKind;
  /** Absolute path of the file that is read. */
  file: string;
  /** Absolute path of the catalog file that is written. */
  catalog: string;
  /** The column of each role; `id` identifies rows. */
  columns: Matched & { id: string };
  /** Default: detected. */
  encoding?: EncodingChoice;
}

/** Rows that were left out for one reason. */
export interface LeftOut {
  wrong: string;
  count: number;
  /** Line numbers of the first few. */
  lines: number[];
}

export interface Imported extends Difference {
  rows: number;
  text: TextForm;
  /** All columns of the file, and those whose values are all of one kind that says nothing of the sound. */
  columns: readonly string[];
  silent: ReadonlyMap<string, SilentKind>;
  leftOut: LeftOut[];
}

/** The added title column, for a file without one. It is made from the name of the audio file. */
export const OWN_TITLE = 'title';
/** The end of the reason for a row with a repeated id. */
export const REPEATED = 'that was there before';
const NAMED_LINES = 10;
const TOLD_EVERY = 100_000;
/** The longest id that the store accepts, in bytes. */
const LONGEST_ID = 1024;

/**
 * Reads a file into a catalog file, one row at a time. An id is the value of its column, or a hash of it if it is too
 * long. Rows without an id, with a repeated id, or with more or fewer values than columns are left out. Throws a usage
 * Fault when the file cannot be read or has no rows; the old catalog file then stays. `progress` is called every
 * 100,000 rows with their number.
 */
export async function importFile(
  { kind, file, catalog, columns, encoding = {} }: ImportPlan,
  progress: (rows: number) => void = () => undefined,
): Promise<Imported> {
  const reader = await openFile(kind, file, encoding);
  const leftOut = new Map<string, LeftOut>();
  const leave = (line: number, wrong: string): void => {
    const known = leftOut.get(wrong) ?? { wrong, count: 0, lines: [] };
    known.count += 1;
    if (known.lines.length < NAMED_LINES) known.lines.push(line);
    leftOut.set(wrong, known);
  };
  const writer = writeCatalog(catalog);
  const kinds = new SilentColumns();
  const place = (column: string | undefined): number =>
    column === undefined ? -1 : reader.columns.indexOf(column);
  let known = 0;
  let rows = 0;
  try {
    const ownTitle = columns.title === undefined && columns.file !== undefined;
    if (ownTitle) writer.addColumn(OWN_TITLE);
    for await (const row of reader.rows()) {
      for (; known < reader.columns.length; known++)
        writer.addColumn(storedName(reader.columns[known] as string));
      if ('wrong' in row) {
        leave(row.line, row.wrong);
        continue;
      }
      const { values } = row;
      while (values.length < known) values.push(null);
      const id = idOf(values[place(columns.id)]);
      if (id === null) {
        leave(row.line, `no ${columns.id}`);
        continue;
      }
      kinds.add(values);
      const at = place(columns.bpm);
      if (at >= 0) values[at] = tempoOf(values[at] ?? null);
      const title = titleOf(values[place(columns.file)]);
      const titled = place(columns.title);
      if (titled >= 0 && values[titled] === null) values[titled] = title;
      if (writer.add(id, ownTitle ? [title, ...values] : values)) {
        rows += 1;
        if (rows % TOLD_EVERY === 0) progress(rows);
      } else leave(row.line, `a ${columns.id} ${REPEATED}`);
    }
    if (rows === 0)
      throw usageFault(
        `${file} has no rows that can be used${leftOut.size === 0 ? '' : ` (${[...leftOut.keys()].join('; ')})`}: name another file`,
      );
    const chosen = encoding.said ?? encoding.remembered ?? null;
    const difference = writer.finish({
      kind,
      file,
      columns: columns as Record<string, string>,
      encoding: chosen,
    });
    const silent = new Map(
      reader.columns.flatMap((column, at) => {
        const kind = kinds.kindOf(at);
        return kind === null ? [] : [[column, kind] as const];
      }),
    );
    return {
      ...{ rows, text: reader.text, columns: reader.columns, silent },
      ...difference,
      leftOut: [...leftOut.values()],
    };
  } catch (error) {
    writer.abandon();
    throw notWritten(catalog, error);
  }
}

/** The new name of a column that the file calls `id`. */
export const ITS_ID = 'its id';
/** Returns a column's name in the catalog file, where `id` is reserved for the row's id. */
export const storedName = (column: string): string => (/^id$/i.test(column) ? ITS_ID : column);

function idOf(value: Value | undefined): string | null {
  if (value === null || value === undefined) return null;
  const text = String(value).trim();
  if (text === '') return null;
  const isKept = Buffer.byteLength(text) <= LONGEST_ID && !text.includes('\0') && text.isWellFormed();
  return isKept ? text : `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** Returns the tempo as a number in whatever notation; null for 0. Text that is not a number stays. */
function tempoOf(value: Value): Value {
  const number = readNumber('bpm', value, () => {}, { units: ['bpm'] });
  return number === null ? value : number > 0 ? number : null;
}

/** Returns the title of a path: `Kicks/kick_hard_01.wav` gives `kick hard 01`. */
function titleOf(file: Value | undefined): string | null {
  if (typeof file !== 'string') return null;
  const name = file.trim().split(/[/\\]/).at(-1) ?? '';
  return (
    name
      .replace(/(?<=.)\.[^.]{1,5}$/, '')
      .replaceAll('_', ' ')
      .trim() || null
  );
}
