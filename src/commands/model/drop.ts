import { recipeOf } from '../../collections/recipe.js';
import { loadSettings } from '../../config.js';
import { nameOfGeneration, toPlannedLenient } from '../../domain/choose-generation.js';
import { usageFault } from '../../fault.js';
import { count } from '../../terminal/format.js';
import { confirm, isInteractive } from '../confirm.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { generationNumbered, withGenerations } from './with-generations.js';

/** `embeddings model drop N`: exit 0; 2 for the active generation, or without confirmation. */
export async function drop(
  host: NodeJS.Process,
  options: { argument: string; yes?: boolean; json?: boolean },
): Promise<number> {
  const console = createConsole(host, options.json === true);
  const settings = loadSettings();
  return withGenerations(settings, async (store, all) => {
    const generation = generationNumbered(all, options.argument);
    const { number, state } = generation;
    if (state === 'active')
      throw usageFault(
        `search reads generation ${number}: switch to another one first, with embeddings model switch`,
      );
    if ((await store.openRun(number)) !== null)
      throw usageFault(
        `generation ${number} is being built, by a run that is not over and would go on buying: end it with embeddings cancel, then drop it`,
      );
    const { rows = 0, bytes = 0 } = (await store.generationSizes()).get(number) ?? {};
    const name = nameOfGeneration(toPlannedLenient(generation, recipeOf(settings.collection)).planned);
    const what = `generation ${number} (${name}, ${count(rows)} vectors)`;
    if (options.yes !== true) {
      if (!isInteractive(host)) throw usageFault(`nothing was done: say --yes to delete ${what}`);
      if (!(await confirm(host, console, `Delete ${what}? It would have to be bought again.`)))
        throw usageFault('nothing was done: it was not confirmed');
    }
    const { freed } = await store.dropGeneration(number);
    console.answer({ dropped: number, samples: rows, vector_bytes: bytes, freed });
    console.say(
      `Generation ${number} is deleted. ${freed ? 'Its space is free' : 'The database reuses its space for new rows'}.`,
    );
    return ExitCode.Ok;
  });
}
