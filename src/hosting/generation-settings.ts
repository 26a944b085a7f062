import { recipeOf, textOfTemplate } from '../collections/recipe.js';
import type { Settings } from '../config.js';
import type { PlannedGeneration } from '../contract/generation.js';
import { chooseGeneration, generationOf, plannedOf, wholeGeneration } from '../domain/choose-generation.js';
import type { Generation } from '../engines/types.js';
import { withStore } from './existing-store.js';

/** Settings for one generation. */
export interface InGeneration {
  generation: PlannedGeneration;
}

/** The settings as they are for one generation, whose model, words and template may be others than the configuration's. */
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

/** The generations of the settings' store; none where there is no store yet, or where it is of an older version. */
export const generationsOf = async (settings: Settings): Promise<Generation[]> =>
  (await withStore(settings, (store) => store.generations())) ?? [];

/** The generation that search reads, or the one of that number, and whether the configuration has asked for another one since it became active. */
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

/** The settings for what search reads. */
export async function activeSettings<S extends Settings>(settings: S): Promise<S & InGeneration> {
  return inGeneration(settings, activeGeneration(await generationsOf(settings), settings).generation);
}

/** What a run is to write. */
export interface Target<S extends Settings = Settings> {
  settings: S & InGeneration;
  /** The generation is yet to be made, and its number is not known. */
  isNew: boolean;
}

/** The settings for what a run writes. */
export async function targetSettings<S extends Settings>(settings: S, asked?: number): Promise<Target<S>> {
  const all = await generationsOf(settings);
  const recipe = recipeOf(settings.collection);
  const choice = chooseGeneration(all, recipe, asked);
  if (choice.kind === 'there') return { settings: inGeneration(settings, choice.generation), isNew: false };
  const there = generationOf(all, recipe);
  if (there !== null)
    return { settings: inGeneration(settings, plannedOf(there, recipe).planned), isNew: false };
  return { settings: inGeneration(settings, wholeGeneration(recipe)), isNew: true };
}
