import type { PlannedGeneration } from '../contract/generation.js';
import type { RunRequest } from '../contract/request.js';
import { chooseGeneration, generationOf, plannedOf } from '../domain/choose-generation.js';
import type { Dependencies } from './dependencies.js';

/**
 * The generation that a run writes; makes its tables where the configuration asks for one that is not there yet. It is
 * then built beside the active one, which search goes on reading.
 */
export async function generationFor(
  { store, recipe }: Pick<Dependencies, 'store' | 'recipe'>,
  { generation: asked }: Pick<RunRequest, 'generation'>,
): Promise<PlannedGeneration> {
  const all = await store.generations();
  const choice = chooseGeneration(all, recipe, asked);
  if (choice.kind === 'there') {
    const { generation, isNew } = choice;
    if (isNew) await store.knowRecipe(generation.number, generation.recipe);
    return generation;
  }
  const { number } = choice.active;
  // What search reads must be known in full before there are two.
  await store.knowRecipe(number, choice.active.recipe);
  const there = generationOf(all, recipe);
  if (there !== null) return { ...plannedOf(there, recipe).planned, activate: true };
  const { dimensions } = recipe;
  const made = await store.createGeneration({ recipe, dimensions, form: 'float32', source: null });
  return { number: made, recipe, dimensions, form: 'float32', activate: true };
}

/**
 * Makes a generation the active one, where it holds every sample that the active one holds and the catalog has. @returns
 * whether it is active now.
 */
export async function activateIfComplete(
  { store, catalog, recipe }: Pick<Dependencies, 'store' | 'catalog' | 'recipe'>,
  { number }: PlannedGeneration,
): Promise<boolean> {
  const active = (await store.generations()).find(({ state }) => state === 'active');
  if (active === undefined || active.number === number) return active !== undefined;
  for (let after: number | null = null; ; ) {
    const ids = await store.missingIn(number, { after, limit: PAGE });
    if ((await catalog.whichExist(ids)).size > 0) return false;
    if (ids.length < PAGE) break;
    after = ids.at(-1) ?? null;
  }
  await store.switchGeneration({ from: active.number, to: number, declared: recipe });
  return true;
}

const PAGE = 1000;
