import type { TextForm } from './collection.js';
import { renderSourceText } from './source-text.js';

/** Columns of the sample library's two tables, `samples` and `vibe_analyses`, in the order of the text. */
export const LIBRARY_FIELDS = [
  'title',
  'genre',
  'bpm',
  'musical_key',
  'mood_primary',
  'mood_secondary',
  'energy_level',
  'texture_tags',
  'characteristics',
  'tags',
] as const;

/** The built-in text of the sample library. */
export const libraryText: TextForm = { fields: LIBRARY_FIELDS, source: null, render: renderSourceText };

/** The library's column with the path of a sample's audio file. */
export const LIBRARY_FILE = 'file_path';

/** Columns of the library that search shows by default. */
export const LIBRARY_SHOWN = ['title', 'genre', 'bpm', 'musical_key'] as const;

/** Columns that library rows can be filtered by, by default. A filter by a column that does not exist is an error. */
export const LIBRARY_FILTERS = [
  ...LIBRARY_FIELDS,
  'duration',
  'danceability',
  'acousticness',
  'instrumentalness',
] as const;
