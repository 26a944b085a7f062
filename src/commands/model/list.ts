import { recipeOf } from '../../collections/recipe.js';
import { loadSettings } from '../../config.js';
import { nameOfGeneration, plannedOf } from '../../domain/choose-generation.js';
import { count, plain } from '../../terminal/format.js';
import { listTable } from '../../terminal/tables.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { withGenerations } from './with-generations.js';

/** `embeddings model list`: exit 0. */
export async function list(host: NodeJS.Process, options: { json?: boolean }): Promise<number> {
  const console = createConsole(host, options.json === true);
  const settings = loadSettings();
  const own = recipeOf(settings.collection);
  const { all, sizes } = await withGenerations(settings, async (store, all) => ({
    all,
    sizes: await store.generationSizes(),
  }));
  const rows = all.map((generation) => {
    const { planned } = plannedOf(generation, own);
    const { rows = 0, failed = 0, bytes = 0 } = sizes.get(generation.number) ?? {};
    return { generation, planned, rows, failed, bytes };
  });
  console.answer(
    rows.map(({ generation, planned, rows, failed, bytes }) => ({
      generation: generation.number,
      state: generation.state,
      model: planned.recipe.model,
      dimensions: planned.dimensions,
      numbers: planned.form,
      source: generation.source,
      samples: rows,
      failed,
      vector_bytes: bytes,
      created_at: generation.createdAt,
      activated_at: generation.activatedAt,
    })),
  );
  if (console.json) return ExitCode.Ok;
  console.say(
    listTable(
      ['No.', 'Generation', 'State', 'Samples', 'Failed', 'Vectors'],
      rows.map(({ generation, planned, rows, failed, bytes }) => [
        String(generation.number),
        plain(nameOfGeneration(planned)),
        generation.state,
        count(rows),
        count(failed),
        bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`,
      ]),
      { columns: host.stdout.isTTY ? host.stdout.columns : undefined, flexible: { column: 1, how: 'cut' } },
    ),
  );
  return ExitCode.Ok;
}
