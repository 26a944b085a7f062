import type { PlannedGeneration } from '../contract/generation.js';
import type { RunRequest } from '../contract/request.js';
import { chooseGeneration, generationOf, toPlanned, wholeGeneration } from '../domain/choose-generation.js';
import { lostSamples } from '../domain/lost-samples.js';
import { makeGeneration } from '../domain/make-generation.js';
import type { Generation } from '../engines/types.js';
import { usageFault } from '../fault.js';
import type { Dependencies } from './dependencies.js';

/** The generation that a run writes. */
export interface GenerationToWrite {
  /** Number 0: the configuration asks for a generation that does not exist yet. */
  planned: PlannedGeneration;
  /** Records the recipe and creates missing tables. Call it only for a run that can begin. */
  make(): Promise<PlannedGeneration>;
}

/**
 * Returns the generation that a run writes. If it is not the active one, search keeps reading the active one meanwhile.
 * `all`: the generations in the store. Throws a usage Fault if the requested generation is not among them.
 */
export function generationFor(
  { store, recipe }: Pick<Dependencies, 'store' | 'recipe'>,
  { generation: asked }: Pick<RunRequest, 'generation'>,
  all: readonly Generation[],
): GenerationToWrite {
  const isFirst = all.length === 0 && asked === 1;
  if (asked !== undefined && !isFirst && !all.some(({ number }) => number === asked))
    throw usageFault(
      `the store has no generation ${asked}, which this run builds: it was dropped since, or this is another ` +
        'store, for example because its file was deleted or replaced; restore the file, or create the generation again with embeddings model build',
    );
  const choice = chooseGeneration(all, recipe, asked);
  if (choice.kind === 'there') {
    const { generation: planned, isNew } = choice;
    return {
      planned,
      async make() {
        if (isNew) await store.recordRecipe(planned.number, planned.recipe);
        return planned;
      },
    };
  }
  const there = generationOf(all, recipe);
  const planned = {
    ...(there === null ? wholeGeneration(recipe) : toPlanned(there, recipe).planned),
    activate: true,
  };
  return {
    planned,
    make: async () => (there === null ? makeGeneration(store, choice.active, planned) : planned),
  };
}

/**
 * Activates a generation if it holds every sample that both the active one and the catalog hold. @returns whether it is
 * active now.
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
