import { recipeOf } from '../../collections/recipe.js';
import type { Settings } from '../../config.js';
import { changedSentence } from '../../domain/choose-generation.js';
import { type OpenSearch, openSearch } from '../../hosting/open-search.js';
import { count } from '../../terminal/format.js';

const EVERY = 20_000;

/** Prints progress while rows stored by older versions are indexed for search. */
export const reportIndexing =
  (say: (line: string) => void) =>
  (done: number, total: number): void => {
    if (done === total || done % EVERY === 0)
      say(`Preparing earlier rows for search: ${count(done)} of ${count(total)}`);
  };

/** Opens the parts of one search, then closes them; `columns`: see openSearch. A usage Fault if nothing is stored. */
export async function withSearch<T>(
  settings: Settings,
  { stderr }: { stderr: NodeJS.WritableStream },
  columns: readonly string[] | null,
  look: (open: OpenSearch) => Promise<T>,
): Promise<T> {
  const progress = reportIndexing((line) => void stderr.write(`${line}\n`));
  const open = await openSearch(settings, { columns, progress });
  try {
    const { generation, isChanged } = open.parts;
    if (isChanged) stderr.write(`${changedSentence(generation, recipeOf(settings.collection))}\n`);
    return await open.over(() => look(open));
  } finally {
    await open.close();
  }
}
