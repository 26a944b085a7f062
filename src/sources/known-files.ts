import { quoted } from '../in-shell.js';
import { isAudioName } from './folder/disk/audio-names.js';

/** Files of rows that `embeddings init --from` reads. */
export type RowsKind = 'csv' | 'jsonl' | 'rekordbox';

const ENDINGS: Readonly<Record<RowsKind, RegExp>> = {
  csv: /\.(?:csv|tsv)$/i,
  // A .json file may be one list; reading it names the command that makes lines of it.
  jsonl: /\.(?:jsonl|ndjson|json)$/i,
  rekordbox: /\.xml$/i,
};

/** Returns the kind of a file of rows, by the end of its name; null: none that is known. */
export function rowsKindOf(path: string): RowsKind | null {
  const found = Object.entries(ENDINGS).find(([, ending]) => ending.test(path));
  return (found?.[0] as RowsKind | undefined) ?? null;
}

/** Returns the cure for a catalog's path where a file is that is no database. */
export function cureOfFile(path: string): string {
  const kind = rowsKindOf(path);
  if (kind !== null) return `its rows are taken in by embeddings init --from ${kind} ${quoted(path)}`;
  return isAudioName(path)
    ? 'it is an audio file, so name the folder that it is in'
    : 'name another, or decrypt it';
}
