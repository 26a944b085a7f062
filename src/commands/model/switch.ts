import { recipeOf } from '../../collections/recipe.js';
import { loadSettings, required, type Settings } from '../../config.js';
import type { PlannedGeneration } from '../../contract/generation.js';
import { nameOfGeneration, toPlanned } from '../../domain/choose-generation.js';
import { deriveGeneration } from '../../domain/derive-generation.js';
import { lostSamples } from '../../domain/lost-samples.js';
import type { Store } from '../../engines/store.js';
import type { Generation } from '../../engines/types.js';
import { usageFault } from '../../fault.js';
import { inGeneration } from '../../hosting/generation-settings.js';
import { openCatalogReadOnly } from '../../hosting/open-parts.js';
import { count } from '../../terminal/format.js';
import { type Console, createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { verifyGeneration } from './verify-generation.js';
import { activeOf, generationNumbered, withGenerations } from './with-generations.js';

interface SwitchOptions {
  argument?: string;
  allowMissing?: boolean;
  json?: boolean;
}

/** `embeddings model switch [N]`: exit 0; 2 if the generation is not complete, with what is missing. */
export async function switchTo(host: NodeJS.Process, options: SwitchOptions): Promise<number> {
  const console = createConsole(host, options.json === true);
  const settings = required(loadSettings(), 'storeUrl', 'catalogUrl');
  return withGenerations(settings, async (store, all) => {
    const wanted = await wantedOf(store, all, options.argument);
    const active = activeOf(all);
    if (wanted.number === active.number) throw usageFault(`search reads generation ${active.number} already`);
    const { planned } = toPlanned(wanted, recipeOf(settings.collection));
    const source = all.find(({ number }) => number === wanted.source);
    if (source !== undefined)
      await deriveGeneration(store, { source: toPlanned(source, planned.recipe).planned, target: planned });
    await checkComplete(console, settings, store, planned, options.allowMissing === true);
    return change(console, settings, store, active, planned);
  });
}

/**
 * `embeddings model rollback`: exit 0; 2 if there is no earlier generation. Verifies nothing, since search has read
 * that generation before.
 */
export async function rollback(host: NodeJS.Process, options: { json?: boolean }): Promise<number> {
  const console = createConsole(host, options.json === true);
  const settings = required(loadSettings(), 'storeUrl');
  return withGenerations(settings, async (store, all) => {
    const [last] = all
      .filter(({ state }) => state === 'retired')
      .sort((a, b) => (b.activatedAt ?? b.createdAt).localeCompare(a.activatedAt ?? a.createdAt));
    if (last === undefined)
      throw usageFault(
        'there is no generation to go back to: search has read no other, or it was dropped; see embeddings model list',
      );
    const { planned } = toPlanned(last, recipeOf(settings.collection));
    return change(console, settings, store, activeOf(all), planned);
  });
}

async function change(
  console: Console,
  settings: Settings,
  store: Store,
  active: Generation,
  planned: PlannedGeneration,
): Promise<number> {
  const own = recipeOf(settings.collection);
  await store.switchGeneration({ from: active.number, to: planned.number, declared: own });
  console.answer({ generation: planned.number, before: active.number, model: planned.recipe.model });
  console.say(
    `Search reads generation ${planned.number} now, of ${nameOfGeneration(planned)}. Back to generation ${active.number}: embeddings model rollback`,
  );
  return ExitCode.Ok;
}

/** Returns the generation of that number, or the only one being built. Throws a usage Fault if there is none. */
export async function wantedOf(
  store: Pick<Store, 'generationSizes'>,
  all: readonly Generation[],
  argument: string | undefined,
): Promise<Generation> {
  if (argument !== undefined) return generationNumbered(all, argument);
  const building = all.filter(({ state }) => state === 'building');
  const sizes = building.length > 1 ? await store.generationSizes() : null;
  // An empty generation is ignored if another one has rows.
  const begun = building.filter(({ number }) => (sizes?.get(number)?.rows ?? 0) > 0);
  const [only, ...others] = begun.length > 0 ? begun : building;
  if (only === undefined)
    throw usageFault(
      'no generation is being built: build one with embeddings model build, or name one of embeddings model list',
    );
  if (others.length === 0) return only;
  throw usageFault(
    `which one? generations ${[only, ...others].map(({ number }) => number).join(', ')} are being built: embeddings model switch ${only.number}`,
  );
}

/**
 * Reads back every vector of the generation. Throws a usage Fault if one is damaged or stale, or a sample is missing.
 */
async function checkComplete(
  console: Console,
  settings: Settings & { catalogUrl: string },
  store: Store,
  planned: PlannedGeneration,
  allowMissing: boolean,
): Promise<void> {
  const catalog = await openCatalogReadOnly(inGeneration(settings, planned));
  try {
    console.say(`Verifying generation ${planned.number} …`);
    const report = await verifyGeneration(settings, { catalog, store }, planned);
    const wrong = Object.entries(report.counts).filter(
      ([kind]) => !kind.startsWith('ledger') && kind !== 'orphan',
    );
    const again = 'embeddings model build again buys what is missing';
    if (wrong.length > 0)
      throw usageFault(
        `generation ${planned.number} has faults (${wrong.map(([kind, n]) => `${kind} ${count(n)}`).join(', ')}): ${again}`,
      );
    if (allowMissing) return;
    let lost = 0;
    for await (const some of lostSamples({ store, catalog }, planned.number)) lost += some;
    if (report.missing > 0 || lost > 0)
      throw usageFault(
        `in generation ${planned.number} ${count(Math.max(report.missing, lost))} samples are missing${report.failed > 0 ? `, and ${count(report.failed)} have failed` : ''}: ${again}; or switch anyway with --allow-missing`,
      );
  } finally {
    await catalog.close();
  }
}
