import { documentForm } from '../../collections/document-form.js';
import type { Settings } from '../../config.js';
import type { PlannedGeneration } from '../../contract/generation.js';
import type { Store } from '../../engines/store.js';
import { inGeneration } from '../../hosting/generation-settings.js';
import type { Catalog } from '../../sources/types.js';
import { type Findings, verifyStore } from '../../verify/verify-store.js';

/** Reads every vector of a generation back and compares it with the catalog, as `embeddings verify` does. */
export function verifyGeneration(
  settings: Settings,
  { catalog, store }: { catalog: Catalog; store: Store },
  generation: PlannedGeneration,
  findings: Partial<Findings> = {},
): ReturnType<typeof verifyStore> {
  const { model, dimensions, collection } = inGeneration(settings, generation);
  const today = { model, dimensions, generation, form: documentForm(collection) };
  return verifyStore({ catalog, store: store.of(generation.number) }, today, {
    problem: () => undefined,
    ...findings,
  });
}
