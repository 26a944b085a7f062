import type { EncodingChoice } from '../../src/imports/encoding.js';
import { openFile } from '../../src/imports/open-file.js';
import type { FileKind, FileRow } from '../../src/imports/types.js';

/** What a file gives: its columns after all of it was read, and its rows. */
export async function readAll(
  kind: FileKind,
  path: string,
  encoding?: EncodingChoice,
): Promise<{ columns: readonly string[]; rows: FileRow[] }> {
  const reader = await openFile(kind, path, encoding);
  const rows: FileRow[] = [];
  for await (const row of reader.rows()) rows.push(row);
  return { columns: reader.columns, rows };
}
