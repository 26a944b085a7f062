import type { PlannedGeneration } from '../contract/generation.js';
import type { NewGeneration } from '../engines/libsql/generations/generations.js';
import type { Store } from '../engines/store.js';

/**
 * Creates the tables of a new generation, `wanted`, whose number the store assigns. Records the active generation's
 * recipe first: it must be fully known before there are two.
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
