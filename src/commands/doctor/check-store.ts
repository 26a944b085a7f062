import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { recipeOf } from '../../collections/recipe.js';
import { required, type Settings } from '../../config.js';
import type { PlannedGeneration } from '../../contract/generation.js';
import { changedSentence } from '../../domain/choose-generation.js';
import { isMissingFile, parseStoreUrl } from '../../engines/libsql/url.js';
import type { Store } from '../../engines/store.js';
import { kindName, vectorBytes } from '../../engines/vector-form.js';
import { usageFault } from '../../fault.js';
import { activeGeneration } from '../../hosting/generation-settings.js';
import { openStoreOf } from '../../hosting/open-store.js';
import { inShell } from '../../in-shell.js';
import { count } from '../../terminal/format.js';

/** Sample id to use while the store has no rows: any id will do. */
const SOME_SAMPLE = 1;

/**
 * Opens the store as a run does and updates its tables (a missing file is created). Then writes one row through every
 * statement of a purchase and rolls it back.
 */
export async function checkStore(settings: Settings): Promise<string> {
  const { storeUrl } = required(settings, 'storeUrl');
  checkFolder(storeUrl);
  const made = isMissingFile(storeUrl);
  const store = await openStoreOf({ ...settings, storeUrl });
  try {
    await store.migrate();
    const [first] = await store.vectorIds({ after: null, limit: 1 });
    const { generation, isChanged } = activeGeneration(await store.generations(), settings);
    const { recipe, dimensions, form } = generation;
    await store.probeWrite({ sampleId: first ?? SOME_SAMPLE, dimensions, form, model: recipe.model });
    const vectors = made ? 'made' : `${count(await store.countVectors())} vectors`;
    return [
      vectors,
      'one row written and rolled back',
      ...(await ofOtherKinds(store, generation)),
      ...(isChanged ? [changedSentence(generation, recipeOf(settings.collection))] : []),
    ].join('; ');
  } finally {
    await store.close();
  }
}

/**
 * Throws if the store's folder is missing. A run would create it, but a missing folder is usually a typing error or a
 * disk that is not mounted.
 */
function checkFolder(storeUrl: string): void {
  const target = parseStoreUrl(storeUrl);
  if (target.kind !== 'file') return;
  const folder = dirname(resolve(target.path));
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() === true) return;
  throw usageFault(
    stat === undefined
      ? `there is not a folder ${folder}: make it (mkdir -p ${inShell(folder)}), mount its disk, or correct TURSO_DATABASE_URL`
      : `${folder} is not a folder: correct TURSO_DATABASE_URL`,
  );
}

/** Returns a sentence if the next run would buy rows again because their model or length differs, else nothing. */
async function ofOtherKinds(
  store: Pick<Store, 'vectorKinds'>,
  { recipe: { model }, dimensions, form }: PlannedGeneration,
): Promise<string[]> {
  const others = (await store.vectorKinds()).filter(
    (kind) => kind.bytes !== vectorBytes(dimensions, form) || (kind.model !== null && kind.model !== model),
  );
  if (others.length === 0) return [];
  return [
    `some vectors are of ${others.map(kindName).join(', ')}: the next run of their samples buys them again with ${model}`,
  ];
}
