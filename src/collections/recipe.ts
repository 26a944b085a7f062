import type { Recipe, RecipeWords } from '../contract/generation.js';
import type { Collection, TextForm } from './collection.js';
import { libraryText } from './library-text.js';
import { parseTemplate } from './template.js';

/** What the configuration makes vectors by. */
export const recipeOf = ({ model, text }: Pick<Collection, 'model' | 'text'>): Recipe => ({
  model: model.id,
  dimensions: model.dimensions,
  ...{ document: withoutEmpty(model.document), query: withoutEmpty(model.query), template: text.source },
});

/** Words that are empty are none: nothing of them is sent. */
export const withoutEmpty = ({ inputType = '', prefix = '' }: RecipeWords): RecipeWords => ({
  ...(inputType !== '' && { inputType }),
  ...(prefix !== '' && { prefix }),
});

/** The text of a template over the collection's rows; null: the sample library's own. Throws a TemplateError. */
export function textOfTemplate(
  { text, rows }: Pick<Collection, 'text' | 'rows'>,
  template: string | null,
): TextForm {
  if (template === text.source) return text;
  return template === null ? libraryText : parseTemplate(template, rows?.id ?? null);
}

/** Whether two make the same vector of every row, and of every query. */
export const sameRecipe = (a: Recipe, b: Recipe): boolean => keyOf(a) === keyOf(b);

const keyOf = ({ model, dimensions, document, query, template }: Recipe): string =>
  JSON.stringify([
    ...[model, dimensions, template],
    ...[document, query].flatMap(({ inputType = '', prefix = '' }) => [inputType, prefix]),
  ]);
