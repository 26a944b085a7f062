import type { RecipeWords } from '../contract/generation.js';
import type { DeclaredRows, SampleRow } from '../sources/types.js';
import type { SourceText } from './source-text.js';

export type { DeclaredRows } from '../sources/types.js';

/** Renders rows as texts. */
export interface TextForm {
  /** The columns that the text reads, for checks before anything is paid. */
  fields: readonly string[];
  /** The template; null: the sample library's own text. */
  source: string | null;
  /**
   * Renders a row. Never throws: unusable values are left out and named in `notes`. Equal rows give equal texts, byte
   * for byte. A row that has none of the fields gives an empty text, which is never sent.
   */
  render(row: SampleRow): SourceText;
}

export interface CollectionModel {
  id: string;
  dimensions: number;
  /** For texts that are stored. */
  document: RecipeWords;
  /** For the queries of searches. */
  query: RecipeWords;
}

/** Folders of audio files, which are indexed. */
export interface FolderSource {
  /** Absolute paths. */
  roots: readonly string[];
  /** Patterns of what is left out, as in a .gitignore. */
  ignore: readonly string[];
}

/** What is embedded: source, text, model and store in one value. */
export interface Collection {
  /** `samples` is the built-in one, from the environment. */
  name: string;
  /** For a folder: the path of its index. */
  catalogUrl: string | null;
  /** Null: the catalog is a database. */
  folder: FolderSource | null;
  /** Null: the sample library's two tables, `samples` and `vibe_analyses`. */
  rows: DeclaredRows | null;
  text: TextForm;
  /** Columns that search shows, the title first. */
  shown: readonly string[];
  /** Columns that `--where` may name. */
  filters: readonly string[];
  /** The column that holds the path of a sample's audio file; null if none does. The library may lack the column. */
  file: string | null;
  model: CollectionModel;
  storeUrl: string | null;
  storeToken: string | null;
}
