import type { Recipe, RecipeWords } from '../contract/generation.js';
import type { Collection, TextForm } from './collection.js';
import { libraryText } from './library-text.js';
import { parseTemplate } from './template.js';

/** Returns the recipe by which the configuration makes vectors. */
export const recipeOf = ({ model, text }: Pick<Collection, 'model' | 'text'>): Recipe => ({
  model: model.id,
  dimensions: model.dimensions,
  ...{ document: withoutEmpty(model.document), query: withoutEmpty(model.query), template: text.source },
});

/** Removes an empty prefix or input type, which is not sent. */
export const withoutEmpty = ({ inputType = '', prefix = '' }: RecipeWords): RecipeWords => ({
  ...(inputType !== '' && { inputType }),
  ...(prefix !== '' && { prefix }),
});

/** Returns the text of a template for the collection's rows; of null, the library's own. Throws a TemplateError. */
export function textOfTemplate(
  { text, rows }: Pick<Collection, 'text' | 'rows'>,
  template: string | null,
): TextForm {
  if (template === text.source) return text;
  return template === null ? libraryText : parseTemplate(template, rows?.id ?? null);
}

/** Returns whether two recipes make the same vector of every row and of every query. */
export const sameRecipe = (a: Recipe, b: Recipe): boolean => keyOf(a) === keyOf(b);

const keyOf = ({ model, dimensions, document, query, template }: Recipe): string =>
  JSON.stringify([
    ...[model, dimensions, template],
    ...[document, query].flatMap(({ inputType = '', prefix = '' }) => [inputType, prefix]),
  ]);
