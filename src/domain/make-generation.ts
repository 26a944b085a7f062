import type { PlannedGeneration } from '../contract/generation.js';
import type { NewGeneration } from '../engines/libsql/generations/generations.js';
import type { Store } from '../engines/store.js';

/**
 * Makes the tables of one more generation, `wanted`, whose number is the store's to give. What the active one is of is
 * recorded first: it must be known in full before there are two.
 */
export async function makeGeneration(
  store: Pick<Store, 'recordRecipe' | 'createGeneration'>,
  active: Pick<PlannedGeneration, 'number' | 'recipe'>,
  wanted: PlannedGeneration,
  { source = null, trial = false }: Partial<Pick<NewGeneration, 'source' | 'trial'>> = {},
): Promise<PlannedGeneration> {
  await store.recordRecipe(active.number, active.recipe);
  const { recipe, dimensions, form } = wanted;
  return { ...wanted, number: await store.createGeneration({ recipe, dimensions, form, source, trial }) };
}
