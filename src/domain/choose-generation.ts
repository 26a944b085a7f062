import { sameRecipe } from '../collections/recipe.js';
import type { PlannedGeneration, Recipe } from '../contract/generation.js';
import { damagedGeneration } from '../engines/damaged-generation.js';
import type { Generation } from '../engines/types.js';
import { usageFault } from '../fault.js';

/** Which generation is meant. */
export type Choice =
  | {
      kind: 'there';
      generation: PlannedGeneration;
      state: Generation['state'];
      /** The store does not know yet what it is of: the run says it. */
      isNew: boolean;
    }
  /** The configuration asks for another one than it did when the active one became that. */
  | { kind: 'changed'; active: PlannedGeneration };

/**
 * The generation that a run writes, and search reads: that of `asked`, else the active one, whatever the configuration has
 * said since before it became active. `own`: what the configuration makes vectors by. `all`: none where the store is new,
 * or of a version without generations. Throws a usage Fault where there is none of that number.
 */
export function chooseGeneration(all: readonly Generation[], own: Recipe, asked?: number): Choice {
  if (all.length === 0 && (asked === undefined || asked === 1))
    return { kind: 'there', generation: wholeGeneration(own, 1), state: 'active', isNew: true };
  const generation = all.find(({ number, state }) =>
    asked === undefined ? state === 'active' : number === asked,
  );
  if (generation === undefined)
    throw usageFault(
      `there is no generation ${asked}, only ${all.map(({ number }) => number).join(', ')}: see them with embeddings model list`,
    );
  const { state, declared, isEmpty } = generation;
  // Nothing is lost: as where the model of a first run was misspelt, or its length.
  if (asked === undefined && isEmpty && all.length === 1)
    return { kind: 'there', generation: wholeGeneration(own, generation.number), state, isNew: true };
  const { planned, isNew } = plannedOf(generation, own);
  const isMeant =
    asked !== undefined ||
    isNew ||
    sameRecipe(planned.recipe, own) ||
    (declared !== null && sameRecipe(declared, own));
  return isMeant
    ? { kind: 'there', generation: planned, state, isNew }
    : { kind: 'changed', active: planned };
}

/**
 * As a run carries it. What nobody has said of a store of an older version is what the configuration says. Throws a Fault
 * where what it is of cannot be read.
 */
export function plannedOf(
  generation: Generation,
  own: Recipe,
): { planned: PlannedGeneration; isNew: boolean } {
  const { number, state, damage } = generation;
  if (damage !== null) throw damagedGeneration(number, state === 'active', damage);
  return shownOf(generation, own);
}

/** The same for a list: of a damaged one, what is known. */
export function shownOf(
  { number, recipe, model, dimensions, form }: Generation,
  own: Recipe,
): { planned: PlannedGeneration; isNew: boolean } {
  if (recipe !== null)
    return { planned: { number, recipe, dimensions: dimensions ?? recipe.dimensions, form }, isNew: false };
  const isOwn = (model ?? own.model) === own.model && (dimensions ?? own.dimensions) === own.dimensions;
  if (isOwn) return { planned: wholeGeneration(own, number), isNew: true };
  const unnamed: Recipe = {
    ...{ model: model ?? own.model, dimensions: dimensions ?? own.dimensions },
    ...{ document: {}, query: {}, template: own.template },
  };
  return { planned: wholeGeneration(unnamed, number), isNew: false };
}

/** One that is there with that recipe, bought as it is, whatever its state; null: none is. */
export const generationOf = (all: readonly Generation[], recipe: Recipe): Generation | null =>
  all.find(
    (one) =>
      one.recipe !== null &&
      one.source === null &&
      one.form === 'float32' &&
      one.dimensions === recipe.dimensions &&
      sameRecipe(one.recipe, recipe),
  ) ?? null;

/** The generation of a recipe that stores vectors as they are bought. `number` 0: it is yet to be made. */
export const wholeGeneration = (recipe: Recipe, number = 0): PlannedGeneration => ({
  ...{ number, recipe, dimensions: recipe.dimensions, form: 'float32' },
});

/** For whoever reads the active generation while the configuration asks for another. */
export function changedSentence(active: PlannedGeneration, own: Recipe): string {
  const name = nameOfGeneration(active);
  const wanted = nameOfGeneration({ recipe: own, dimensions: own.dimensions, form: 'float32' });
  return (
    `Search reads generation ${active.number}, of ${name}; the configuration asks for ` +
    `${wanted === name ? 'another text' : wanted}: embeddings --all builds that beside it, and search reads it once it is complete`
  );
}

/** `generation 2: openai/text-embedding-3-small, 512 numbers of eight bits`. */
export const lineOfGeneration = ({
  number,
  recipe: { model },
  dimensions,
  form,
}: Pick<PlannedGeneration, 'number' | 'recipe' | 'dimensions' | 'form'>): string =>
  `generation ${number}: ${model}, ${dimensions} ${numbersOf(form)}`;

const numbersOf = (form: PlannedGeneration['form']): string =>
  form === 'float8' ? 'numbers of eight bits' : 'dimensions';

/** `openai/text-embedding-3-small with 512 numbers of eight bits`. */
export const nameOfGeneration = ({
  recipe: { model },
  dimensions,
  form,
}: Pick<PlannedGeneration, 'recipe' | 'dimensions' | 'form'>): string =>
  `${model} with ${dimensions} ${numbersOf(form)}`;
