import { sameRecipe } from '../collections/recipe.js';
import type { PlannedGeneration, Recipe } from '../contract/generation.js';
import { damagedGeneration } from '../engines/damaged-generation.js';
import type { Generation } from '../engines/types.js';
import { usageFault } from '../fault.js';

/** The generation that is meant. */
export type Choice =
  | {
      kind: 'there';
      generation: PlannedGeneration;
      state: Generation['state'];
      /** The store does not know its recipe yet: the run records it. */
      isNew: boolean;
    }
  /** The configuration asks for another generation than when the active one became active. */
  | { kind: 'changed'; active: PlannedGeneration };

/**
 * Returns the generation that a run writes and search reads: the one numbered `asked`, otherwise the active one, unless
 * the configuration has changed since that became active. `own`: the configuration's recipe. `all`: empty if the store
 * is new, or of a version without generations. Throws a usage Fault if no generation has that number.
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
  // An empty generation may take another recipe, as when the model of a first run was misspelt, or its length.
  if (asked === undefined && isEmpty && all.length === 1)
    return { kind: 'there', generation: wholeGeneration(own, generation.number), state, isNew: true };
  const { planned, isNew } = toPlanned(generation, own);
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
 * Returns a generation as a run's plan holds it. What a store of an older version does not state is taken from the
 * configuration. Throws a Fault if its recipe cannot be read.
 */
export function toPlanned(
  generation: Generation,
  own: Recipe,
): { planned: PlannedGeneration; isNew: boolean } {
  const { number, state, damage } = generation;
  if (damage !== null) throw damagedGeneration(number, state === 'active', damage);
  return toPlannedLenient(generation, own);
}

/** Returns the same for a list; for a damaged generation only what is known. */
export function toPlannedLenient(
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

/** Returns the generation of that recipe that stores vectors as bought, in any state; null if there is none. */
export const generationOf = (all: readonly Generation[], recipe: Recipe): Generation | null =>
  all.find(
    (one) =>
      one.recipe !== null &&
      one.source === null &&
      one.form === 'float32' &&
      one.dimensions === recipe.dimensions &&
      sameRecipe(one.recipe, recipe),
  ) ?? null;

/** Returns the generation of a recipe that stores vectors as they are bought. `number` 0: it is not created yet. */
export const wholeGeneration = (recipe: Recipe, number = 0): PlannedGeneration => ({
  ...{ number, recipe, dimensions: recipe.dimensions, form: 'float32' },
});

/** Returns the sentence for readers of the active generation while the configuration asks for another. */
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
