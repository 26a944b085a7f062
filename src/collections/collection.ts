import type { RecipeWords } from '../contract/generation.js';
import type { DeclaredRows, SampleRow } from '../sources/types.js';
import type { SourceText } from './source-text.js';

export type { DeclaredRows } from '../sources/types.js';

/** How rows become texts. */
export interface TextForm {
  /** The columns that it reads, for checks before anything is paid. */
  fields: readonly string[];
  /** The template; null: the sample library's own text. */
  source: string | null;
  /**
   * Never throws; what cannot be used is left out and named in `notes`. Equal rows give equal texts, byte for byte. An
   * empty text, of a row that has none of the fields, is never sent.
   */
  render(row: SampleRow): SourceText;
}

export interface CollectionModel {
  id: string;
  dimensions: number;
  /** For what is stored. */
  document: RecipeWords;
  /** For what is searched for. */
  query: RecipeWords;
}

/** Folders of audio files, which an index is made of. */
export interface FolderSource {
  /** Absolute paths. */
  roots: readonly string[];
  /** Patterns as in a .gitignore, of what is left out. */
  ignore: readonly string[];
}

/** What is embedded, from where, with what, into what: one value. */
export interface Collection {
  /** `samples` is the built-in one, from the environment. */
  name: string;
  /** Of a folder the path of its index. */
  catalogUrl: string | null;
  /** Null: the catalog is a database of somebody else's. */
  folder: FolderSource | null;
  /** Null: the sample library's two tables, `samples` and `vibe_analyses`. */
  rows: DeclaredRows | null;
  text: TextForm;
  /** Columns that search shows, the title first. */
  shown: readonly string[];
  /** Columns that `--where` may name. */
  filters: readonly string[];
  /** The column that holds the path of a sample's audio file; null: none does. The library may lack it. */
  file: string | null;
  model: CollectionModel;
  storeUrl: string | null;
  storeToken: string | null;
}
