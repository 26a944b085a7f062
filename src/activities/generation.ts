import type { PlannedGeneration } from '../contract/generation.js';
import type { RunRequest } from '../contract/request.js';
import { chooseGeneration, generationOf, plannedOf, wholeGeneration } from '../domain/choose-generation.js';
import { lostSamples } from '../domain/lost-samples.js';
import { makeGeneration } from '../domain/make-generation.js';
import type { Generation } from '../engines/types.js';
import type { Dependencies } from './dependencies.js';

/**
 * The generation that a run writes; makes its tables where the configuration asks for one that is not there yet. It is
 * then built beside the active one, which search goes on reading. `all`: those that the store has.
 */
export async function generationFor(
  { store, recipe }: Pick<Dependencies, 'store' | 'recipe'>,
  { generation: asked }: Pick<RunRequest, 'generation'>,
  all: readonly Generation[],
): Promise<PlannedGeneration> {
  const choice = chooseGeneration(all, recipe, asked);
  if (choice.kind === 'there') {
    const { generation, isNew } = choice;
    if (isNew) await store.recordRecipe(generation.number, generation.recipe);
    return generation;
  }
  const there = generationOf(all, recipe);
  if (there !== null) return { ...plannedOf(there, recipe).planned, activate: true };
  const made = await makeGeneration(store, choice.active, wholeGeneration(recipe));
  return { ...made, activate: true };
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
  for await (const _ of lostSamples({ store, catalog }, number)) return false;
  await store.switchGeneration({ from: active.number, to: number, declared: recipe });
  return true;
}
