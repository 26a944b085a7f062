import type { EncodingChoice } from './encoding.js';
import type { FileKind, FileReader } from './types.js';

/** Opens a file of rows. Throws a usage Fault when it cannot be read as such a file. */
export async function openFile(kind: FileKind, path: string, encoding?: EncodingChoice): Promise<FileReader> {
  switch (kind) {
    case 'csv':
      return (await import('./read-csv.js')).readCsv(path, encoding);
    case 'jsonl':
      return (await import('./read-jsonl.js')).readJsonLines(path, encoding);
    case 'rekordbox':
      return (await import('./read-rekordbox.js')).readRekordbox(path, encoding);
  }
}

/** Rows that are read to find the columns, when the file has no header. */
const LOOKED_AT = 1000;

/** Returns the columns at the beginning of a file. */
export async function columnsOf(
  kind: FileKind,
  path: string,
  encoding?: EncodingChoice,
): Promise<Pick<FileReader, 'columns' | 'repeated'>> {
  const { columns, repeated, rows } = await openFile(kind, path, encoding);
  let seen = 0;
  if (kind !== 'csv') for await (const _ of rows()) if (++seen >= LOOKED_AT) break;
  return { columns, repeated };
}
