import { recipeOf, withoutEmpty } from '../../collections/recipe.js';
import { loadSettings, required, type Settings } from '../../config.js';
import type { PlannedGeneration, Recipe, RecipeWords } from '../../contract/generation.js';
import {
  generationOf,
  nameOfGeneration,
  toPlanned,
  wholeGeneration,
} from '../../domain/choose-generation.js';
import { deriveGeneration } from '../../domain/derive-generation.js';
import { makeGeneration } from '../../domain/make-generation.js';
import type { Generation } from '../../engines/types.js';
import { usageFault } from '../../fault.js';
import { inGeneration } from '../../hosting/generation-settings.js';
import { openCatalogReadOnly } from '../../hosting/open-parts.js';
import { count } from '../../terminal/format.js';
import { createProgress } from '../../terminal/progress.js';
import { askPrice } from '../ask-price.js';
import { confirm, isInteractive } from '../confirm.js';
import { type Console, createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { dryRun } from '../generate/dry-run.js';
import { checkCatalogReadable, runInto } from './run-into.js';
import { verifyGeneration } from './verify-generation.js';
import { activeOf, withGenerations } from './with-generations.js';

export interface BuildOptions {
  argument?: string;
  dimensions?: number;
  queryPrefix?: string;
  documentPrefix?: string;
  shorten?: number;
  eightBit?: boolean;
  maxCost?: number;
  yes?: boolean;
  detach?: boolean;
  json?: boolean;
}

/** `embeddings model build`: exit codes of `generate`. Shows the price first; deriving costs nothing. */
export async function build(host: NodeJS.Process, options: BuildOptions): Promise<number> {
  const console = createConsole(host, options.json === true);
  const settings = required(loadSettings(), 'storeUrl', 'catalogUrl');
  if (options.shorten !== undefined || options.eightBit === true) return derive(console, settings, options);
  const { recipe, active } = await withGenerations(settings, async (_, all) => {
    const { planned } = toPlanned(activeOf(all), recipeOf(settings.collection));
    // Without options the command continues the only build.
    const goesOn = saysNothing(options) ? onlyBuildOf(all) : null;
    return { recipe: goesOn ?? recipeFor(settings, planned.recipe, options), active: planned };
  });
  const there = await withGenerations(settings, async (_, all) => generationOf(all, recipe));
  if (there?.number === active.number)
    throw usageFault(
      `${nameOfGeneration(active)} is the active generation already: embeddings --all keeps it up to date`,
    );
  const { dimensions } = recipe;
  const planned = wholeGeneration(recipe, there?.number);
  const target = { settings: inGeneration(settings, planned), isNew: there === null };
  // A model that the provider does not list is refused before its tables are created.
  await askPrice(target.settings);
  await (console.json
    ? checkCatalogReadable(target.settings)
    : dryRun(console, target, { kind: 'all' }, false));
  if (options.yes !== true && isInteractive(host) && !(await confirm(host, console, 'Build it?')))
    throw usageFault('nothing was done: the build was not confirmed');
  const number =
    there?.number ??
    (await withGenerations(settings, async (store, all) => {
      const { planned: reads } = toPlanned(activeOf(all), recipeOf(settings.collection));
      return (await makeGeneration(store, reads, planned)).number;
    }));
  console.say(
    `Generation ${number}, of ${nameOfGeneration(planned)}, is built beside generation ${active.number}, which search goes on reading.`,
  );
  const own = { ...settings, building: number };
  const code = await runInto(host, console, own, {
    request: requestFor(settings, number, options),
    fallback: null,
    maxCostNanos: options.maxCost ?? null,
    progressFile: null,
    detach: options.detach === true,
    again: `embeddings model build ${recipe.model} --dimensions ${dimensions}`,
  });
  if (code !== ExitCode.Ok || options.detach === true) return code;
  // Vectors damaged by another program are stored, so the run skipped them.
  const damaged = there === null ? [] : await damagedSamples(settings, planned);
  if (damaged.length > 0) {
    console.say(`${count(damaged.length)} vectors of it are damaged: they are bought again.`);
    const { embedAgain } = await import('../verify/repair-embed.js');
    const again = await embedAgain(host, console, own, damaged);
    if (again.code !== ExitCode.Ok) return again.code;
  }
  console.say(`Let search read it: embeddings model switch ${number}`);
  return code;
}

/** Returns the ids of samples whose stored vector or text is wrong, by reading each of them back. */
async function damagedSamples(
  settings: Settings & { catalogUrl: string },
  planned: PlannedGeneration,
): Promise<number[]> {
  const catalog = await openCatalogReadOnly(inGeneration(settings, planned));
  try {
    const damaged: number[] = [];
    await withGenerations(settings, (store) =>
      verifyGeneration(settings, { catalog, store }, planned, {
        damaged: ({ id }) => void damaged.push(id),
      }),
    );
    return damaged;
  } finally {
    await catalog.close();
  }
}

const saysNothing = ({ argument, dimensions, queryPrefix, documentPrefix }: BuildOptions): boolean =>
  [argument, dimensions, queryPrefix, documentPrefix].every((said) => said === undefined);

/** Returns the recipe of the only generation being built; null: there is none, or there are several. */
function onlyBuildOf(all: readonly Generation[]): Recipe | null {
  const [only, ...others] = all.filter(({ state, source }) => state === 'building' && source === null);
  return others.length === 0 ? (only?.recipe ?? null) : null;
}

export function recipeFor(settings: Settings, active: Recipe, options: BuildOptions): Recipe {
  const own = recipeOf(settings.collection);
  const model = options.argument ?? own.model;
  // Prefixes belong to a model: the configured ones apply only to the configured model.
  const words = [own, active].find((recipe) => recipe.model === model);
  const dimensions = options.dimensions ?? words?.dimensions;
  if (dimensions === undefined)
    throw usageFault(
      `the length of the vectors of ${model} is not known: give --dimensions, from the description of the model`,
    );
  const withPrefix = (own: RecipeWords = {}, prefix: string | undefined): RecipeWords =>
    withoutEmpty(prefix === undefined ? own : { ...own, prefix });
  return {
    ...{ model, dimensions, template: own.template },
    document: withPrefix(words?.document, options.documentPrefix),
    query: withPrefix(words?.query, options.queryPrefix),
  };
}

export const requestFor = (settings: Settings, generation: number, options: BuildOptions) => ({
  selection: { kind: 'all' as const },
  reset: false,
  batchSize: settings.batchSize,
  maxRetries: settings.maxRetries,
  concurrency: settings.concurrency,
  maxCostNanos: options.maxCost ?? null,
  onBlocked: 'wait' as const,
  generation,
});

/**
 * Returns the generation to derive from the active one: shorter, or of eight bits. Keeps eight bits if the active one
 * has them. Throws a usage Fault if that is not possible.
 */
export function derivedFrom(
  source: PlannedGeneration,
  all: readonly Generation[],
  { argument, dimensions: asked, shorten, eightBit = false }: BuildOptions,
): PlannedGeneration {
  if (argument !== undefined || asked !== undefined)
    throw usageFault(
      '--shorten and --eight-bit make a generation of the active one: leave the model and --dimensions out',
    );
  const dimensions = shorten ?? source.dimensions;
  const form = eightBit ? 'float8' : source.form;
  if (dimensions > source.dimensions)
    throw usageFault(
      `the active generation is of ${nameOfGeneration(source)}, which can be made shorter, not longer: ${longer(source, all, dimensions)}`,
    );
  if (dimensions === source.dimensions && form === source.form)
    throw usageFault(
      `the active generation is of ${nameOfGeneration(source)} already: give --shorten a smaller number${form === 'float32' ? ', or --eight-bit' : ''}`,
    );
  return { number: 0, recipe: source.recipe, dimensions, form };
}

/** Returns how to get vectors that are longer than the active ones. */
function longer({ recipe }: PlannedGeneration, all: readonly Generation[], dimensions: number): string {
  const bought = generationOf(all, recipe);
  return bought !== null && dimensions < recipe.dimensions
    ? `embeddings model switch ${bought.number} first, of which it was made, then embeddings model build --shorten ${dimensions}`
    : `buy them with embeddings model build ${recipe.model} --dimensions ${dimensions}`;
}

/** Derives a generation from the active generation's vectors, without a request. */
async function derive(console: Console, settings: Settings, options: BuildOptions): Promise<number> {
  return withGenerations(settings, async (store, all) => {
    const { planned: source } = toPlanned(activeOf(all), recipeOf(settings.collection));
    const wanted = derivedFrom(source, all, options);
    const { dimensions, form } = wanted;
    const there = all.find(
      (one) => one.source === source.number && one.dimensions === dimensions && one.form === form,
    );
    const target =
      there === undefined
        ? await makeGeneration(store, source, wanted, { source: source.number })
        : { ...wanted, number: there.number };
    const { number } = target;
    const total = await store.countVectors();
    const stream = console.json ? console.stderr : console.stdout;
    const bar = createProgress({
      ...{ stream, isTTY: stream.isTTY === true, columns: stream.columns ?? 80 },
      words: ({ done }) => `Derived ${count(done)} of ${count(total)}`,
    });
    const written = await deriveGeneration(store, { source, target }, (done) =>
      bar.update({ done, total: Math.max(total, done), costNanos: 0, state: 'running' }),
    ).finally(() => bar.stop());
    console.answer({ generation: number, written, source: source.number, dimensions, numbers: form });
    console.say(
      `Generation ${number}, of ${nameOfGeneration(target)}: ${count(written)} vectors made of generation ${source.number}, nothing was sent.`,
    );
    console.say(`Let search read it: embeddings model switch ${number}`);
    return ExitCode.Ok;
  });
}
