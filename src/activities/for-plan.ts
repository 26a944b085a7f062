import { documentForm } from '../collections/document-form.js';
import type { RunPlan } from '../contract/plan.js';
import type { Dependencies } from './dependencies.js';

/**
 * Returns the dependencies for the generation that a run writes: its tables, its texts and its `inputType` for the
 * provider. A plan of an older version has no generation and means the first one.
 */
export function forPlan(
  dependencies: Dependencies,
  { generation }: Pick<RunPlan, 'generation'>,
): Dependencies {
  const store = dependencies.store.of(generation?.number ?? 1);
  if (generation === undefined) return { ...dependencies, store };
  const { template, document } = generation.recipe;
  const form = documentForm({ text: dependencies.textOf(template), model: { document } });
  const { provider } = dependencies;
  const { inputType } = form;
  return {
    ...{ ...dependencies, store, form },
    provider: { ...provider, embed: (request) => provider.embed({ inputType, ...request }) },
  };
}
