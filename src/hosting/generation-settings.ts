import { recipeOf, textOfTemplate } from '../collections/recipe.js';
import type { Settings } from '../config.js';
import type { PlannedGeneration } from '../contract/generation.js';
import { chooseGeneration, generationOf, toPlanned, wholeGeneration } from '../domain/choose-generation.js';
import type { Generation } from '../engines/types.js';
import { readFromStore } from './existing-store.js';

/** Settings for one generation. */
export interface InGeneration {
  generation: PlannedGeneration;
}

/** Returns the settings for one generation. Its model, prefixes and template can differ from the configuration's. */
export function inGeneration<S extends Settings>(
  settings: S,
  generation: PlannedGeneration,
): S & InGeneration {
  const { recipe } = generation;
  const { model, dimensions, document, query, template } = recipe;
  const text = textOfTemplate(settings.collection, template);
  const { rows } = settings.collection;
  const fields = rows === null ? null : [...new Set([...rows.fields, ...text.fields])];
  return {
    ...settings,
    ...{ model, dimensions, generation },
    collection: {
      ...settings.collection,
      ...{ text, model: { id: model, dimensions, document, query } },
      ...(rows !== null && fields !== null && { rows: { ...rows, fields } }),
    },
  };
}

/** Returns the store's generations. Empty when there is no store yet, or when it is of an older version. */
export const generationsOf = async (settings: Settings): Promise<Generation[]> =>
  (await readFromStore(settings, (store) => store.generations())) ?? [];

/**
 * Returns the generation that search reads, or the one numbered `asked`. `isChanged`: the configuration has asked for
 * another one since this one became active.
 */
export function activeGeneration(
  all: readonly Generation[],
  { collection }: Pick<Settings, 'collection'>,
  asked?: number,
): { generation: PlannedGeneration; isChanged: boolean } {
  const choice = chooseGeneration(all, recipeOf(collection), asked);
  return choice.kind === 'there'
    ? { generation: choice.generation, isChanged: false }
    : { generation: choice.active, isChanged: true };
}

/** Returns the settings for the generation that search reads. */
export async function activeSettings<S extends Settings>(settings: S): Promise<S & InGeneration> {
  return inGeneration(settings, activeGeneration(await generationsOf(settings), settings).generation);
}

/** The generation that a run writes. */
export interface Target<S extends Settings = Settings> {
  settings: S & InGeneration;
  /** The generation does not exist yet, and its number is not known. */
  isNew: boolean;
}

/** Returns the settings for the generation that a run writes. */
export async function targetSettings<S extends Settings>(settings: S, asked?: number): Promise<Target<S>> {
  const all = await generationsOf(settings);
  const recipe = recipeOf(settings.collection);
  const choice = chooseGeneration(all, recipe, asked);
  if (choice.kind === 'there') return { settings: inGeneration(settings, choice.generation), isNew: false };
  const there = generationOf(all, recipe);
  if (there !== null)
    return { settings: inGeneration(settings, toPlanned(there, recipe).planned), isNew: false };
  return { settings: inGeneration(settings, wholeGeneration(recipe)), isNew: true };
}
