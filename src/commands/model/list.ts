import { recipeOf } from '../../collections/recipe.js';
import { loadSettings } from '../../config.js';
import type { Recipe, RecipeWords } from '../../contract/generation.js';
import { nameOfGeneration, toPlannedLenient } from '../../domain/choose-generation.js';
import { damagedGeneration } from '../../engines/damaged-generation.js';
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
    const { planned } = toPlannedLenient(generation, own);
    const { rows = 0, failed = 0, bytes = 0, missing = [] } = sizes.get(generation.number) ?? {};
    const damage = missing.length > 0 ? `lacks its table ${missing.join(', ')}` : generation.damage;
    return { generation, planned, rows, failed, bytes, damage };
  });
  console.answer(
    rows.map(({ generation, planned, rows, failed, bytes, damage }) => ({
      generation: generation.number,
      state: generation.state,
      model: planned.recipe.model,
      dimensions: planned.dimensions,
      numbers: planned.form,
      document: wordsJson(planned.recipe.document),
      query: wordsJson(planned.recipe.query),
      template: planned.recipe.template,
      source: generation.source,
      samples: rows,
      failed,
      vector_bytes: bytes,
      damage,
      created_at: generation.createdAt,
      activated_at: generation.activatedAt,
    })),
  );
  if (console.json) return ExitCode.Ok;
  const words = columnWhere(
    'Words',
    rows.map(({ planned }) => wordsOf(planned.recipe)),
    (all) => all.some((words) => words !== ''),
  );
  const template = columnWhere(
    'Template',
    rows.map(({ planned }) => planned.recipe.template ?? 'the library’s own'),
    // A column with the same value in all rows distinguishes nothing.
    (all) => new Set(all).size > 1,
  );
  console.say(
    listTable(
      [
        ...['No.', 'Generation', ...words.head, ...template.head],
        ...['State', 'Samples', 'Failed', 'Vectors'],
      ],
      rows.map(({ generation, planned, rows, failed, bytes, damage }, at) => [
        String(generation.number),
        plain(nameOfGeneration(planned)),
        ...words.cells(at),
        ...template.cells(at),
        damage === null ? generation.state : `${generation.state}, damaged`,
        count(rows),
        count(failed),
        bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`,
      ]),
      {
        columns: host.stdout.isTTY ? host.stdout.columns : undefined,
        flexible: { column: 1 + words.head.length + template.head.length, how: 'cut' },
      },
    ),
  );
  for (const { generation, damage } of rows)
    if (damage !== null)
      console.say(damagedGeneration(generation.number, generation.state === 'active', damage).message);
  return ExitCode.Ok;
}

/** Returns a column of these cells, or none if `isShown` is false. */
const columnWhere = (name: string, cells: string[], isShown: (cells: string[]) => boolean) =>
  isShown(cells)
    ? { head: [name], cells: (at: number) => [plain(cells[at] ?? '')] }
    : { head: [], cells: () => [] };

const wordsJson = ({ inputType, prefix }: RecipeWords) => ({
  input_type: inputType ?? null,
  prefix: prefix ?? null,
});

/** Returns `document "passage: ", query "query: " as search_query`; empty: none. */
const wordsOf = ({ document, query }: Recipe): string =>
  Object.entries({ document, query })
    .flatMap(([purpose, { prefix, inputType }]) => {
      const words = [
        ...(prefix === undefined ? [] : [JSON.stringify(prefix)]),
        ...(inputType === undefined ? [] : [`as ${inputType}`]),
      ];
      return words.length === 0 ? [] : [[purpose, ...words].join(' ')];
    })
    .join(', ');
