/** What is sent besides the text, for models that were trained to distinguish documents from queries. */
export interface RecipeWords {
  /** Sent as `input_type`. Absent: not sent. */
  inputType?: string;
  /** Put before each text. Absent: no prefix. */
  prefix?: string;
}

/** Everything that determines the vector of a catalog row. */
export interface Recipe {
  model: string;
  /** Length of the vector that is requested from the provider. */
  dimensions: number;
  /** For stored texts. */
  document: RecipeWords;
  /** For search queries. */
  query: RecipeWords;
  /** Null: the sample library's own text. */
  template: string | null;
}

/** How the numbers of a stored vector are written: four bytes each, or one (libSQL's FLOAT8). */
export type NumberForm = 'float32' | 'float8';

/** The generation that a run writes. */
export interface PlannedGeneration {
  number: number;
  recipe: Recipe;
  /** Numbers in a stored vector: the first ones of the bought vector. */
  dimensions: number;
  form: NumberForm;
  /** Search switches to it as soon as it holds all that the active one holds, because the configuration asks for it. */
  activate?: boolean;
}
