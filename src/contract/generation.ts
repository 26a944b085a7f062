/** What the provider is told besides the text: models that tell documents from queries were trained with it. */
export interface RecipeWords {
  /** Sent as `input_type`. Absent: nothing is. */
  inputType?: string;
  /** Goes before each text. Absent: nothing does. */
  prefix?: string;
}

/** All that makes a vector of a row of the catalog. */
export interface Recipe {
  model: string;
  /** Numbers that the provider is asked for. */
  dimensions: number;
  /** Of what is stored. */
  document: RecipeWords;
  /** Of what is searched for. */
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
  /** Numbers of a stored vector, the first ones of what is bought. */
  dimensions: number;
  form: NumberForm;
  /** Search is to read it as soon as it holds all that the active one holds: the configuration asks for it. */
  activate?: boolean;
}
