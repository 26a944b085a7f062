import type { Settings } from '../../config.js';
import { openCatalogReadOnly, type WithCatalog } from '../../hosting/open-parts.js';
import type { Console } from '../console.js';
import type { Generation } from '../generate/run-generation.js';
import { RefusedByPreflight } from '../generate/watch-run.js';
import { withGenerations } from './with-generations.js';

/** Throws a Fault if the catalog cannot be read. Called before a generation is created for it. */
export async function checkCatalogReadable(settings: WithCatalog): Promise<void> {
  const catalog = await openCatalogReadOnly(settings);
  try {
    await catalog.inspect();
  } finally {
    await catalog.close();
  }
}

/**
 * Runs into the generation `settings.building`, as runGeneration does. If preflight refuses the run, removes the
 * generation again, provided that it is empty and no other command has begun to build it meanwhile.
 */
export async function runInto(
  host: NodeJS.Process,
  console: Console,
  settings: Settings & { building: number },
  run: Omit<Generation, 'request'> & { request: NonNullable<Generation['request']> },
): Promise<number> {
  const { building } = settings;
  const whole = run.request.selection.kind === 'all';
  const since = await withGenerations(settings, (store) => store.beginBuild(building, { whole }));
  const { runGeneration } = await import('../generate/run-generation.js');
  try {
    return await runGeneration(host, console, settings, run);
  } catch (error) {
    if (error instanceof RefusedByPreflight)
      await withGenerations(settings, (store) => store.forgetUnused(building, since)).catch(() => undefined);
    throw error;
  }
}
