import { hash } from 'node:crypto';
import { join } from 'node:path';
import { FILE_COLUMNS } from '../sources/folder/index-file/schema.js';
import type { DeclaredRows } from '../sources/types.js';
import type { Collection, FolderSource } from './collection.js';
import { parseTemplate } from './template.js';

/** Columns that a text, `show` and `filters` may name: those of the index of a folder of audio files. */
export const FOLDER_FIELDS: readonly string[] = Object.keys(FILE_COLUMNS);

/** The default text of a file. It does not contain the path, so a moved file keeps its vector. */
export const folderText = parseTemplate(`Title: {title}
Pack: {pack}
Kind: {kind}
Instruments: {instruments | join(", ")}
Genre: {genre}
BPM: {bpm | round}
Key: {musical_key}
Artist: {artist}
Tags: {tags | join(", ")}`);

/** The column with the path of the audio file. */
export const FOLDER_FILE = 'path';

/** Columns that search shows by default; `path` is the audio file. */
export const FOLDER_SHOWN = ['title', 'pack', 'bpm', 'musical_key', 'path'] as const;

export const FOLDER_FILTERS = [
  ...['title', 'kind', 'instruments', 'pack', 'genre', 'bpm', 'musical_key', 'tags', 'artist', 'album'],
  ...['root_note', 'duration', 'channels', 'sample_rate', 'format', 'folder', 'file', 'path', 'root'],
] as const;

/** Columns that are always read: the file's path, and the origins of its fields. */
const ALWAYS = ['path', 'origins'];

/** Returns the index's rows with these columns, some of which the text reads as lists. */
export const folderRows = (
  fields: readonly string[],
  lists: readonly string[] = folderText.lists,
): DeclaredRows => ({
  table: 'files',
  id: 'id',
  ...(lists.length > 0 && { lists }),
  fields: [...new Set([...fields, ...ALWAYS])],
});

/** Returns the collection of a folder that declares nothing else. */
export const defaultFolderCollection = (
  folder: string,
): Pick<Collection, 'folder' | 'rows' | 'text' | 'shown' | 'filters' | 'file'> => ({
  folder: { roots: [folder], ignore: [] },
  rows: folderRows([...folderText.fields, ...FOLDER_SHOWN, ...FOLDER_FILTERS]),
  text: folderText,
  shown: FOLDER_SHOWN,
  filters: FOLDER_FILTERS,
  file: FOLDER_FILE,
});

/**
 * Returns the path of the index of these folders. Other folders or other patterns have another index, so that no
 * command changes the index that a run reads. `home`: EMBEDDINGS_HOME.
 */
export function indexFileOf(home: string, collection: string, { roots, ignore }: FolderSource): string {
  const of = hash('sha256', JSON.stringify([[...roots].sort(), ignore]), 'hex').slice(0, 8);
  return join(home, `folder-${collection}-${of}.db`);
}
