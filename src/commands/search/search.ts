import { required, type Settings } from '../../config.js';
import { lineOfGeneration } from '../../domain/choose-generation.js';
import type { OpenSearch } from '../../hosting/open-search.js';
import { filterIn, NAMED_FILTERS } from '../../search/named-filters.js';
import type { Range } from '../../search/range.js';
import type { SearchMode } from '../../search/rank.js';
import { poolFor, refineHits } from '../../search/refine.js';
import type { SampleHit } from '../../search/sample-hit.js';
import { type SearchAnswer, searchSimilar, searchText } from '../../search/search-samples.js';
import type { FieldFilter, SampleFilter } from '../../sources/types.js';
import { plain } from '../../terminal/format.js';
import { ExitCode } from '../exit-codes.js';
import { HERE, type Site } from '../site.js';
import { hasTarget, type TakeOptions } from '../take/options.js';
import { checkTargets, takeConsole } from '../take/targets.js';
import { hitsTable } from './hits-table.js';
import { withSearch } from './with-search.js';

interface CommonOptions extends TakeOptions {
  argument: string;
  limit: number;
  minSimilarity?: number;
  genre?: string;
  key?: string;
  bpm?: Range;
  mood?: string;
  tag?: string;
  energy?: Range;
  danceability?: Range;
  duration?: Range;
  where?: FieldFilter[];
  diverse?: boolean;
  fold?: boolean;
  json?: boolean;
}

/**
 * `embeddings search TEXT`: exit 0, even if nothing is found. With `--json` an array of SampleHit, best first, each
 * with its `generation`.
 */
export const search = (
  host: NodeJS.Process,
  options: CommonOptions & { mode: SearchMode },
  site: Site = HERE,
): Promise<number> =>
  answer(host, options, site, ({ parts }, search) =>
    searchText(parts, options.argument, { ...search, mode: options.mode }),
  );

/** `embeddings similar ID`: the same, for samples near the given one. */
export const similar = (host: NodeJS.Process, options: CommonOptions, site: Site = HERE): Promise<number> =>
  answer(host, options, site, async ({ parts, find }, search) => {
    const { number, called } = await find(options.argument);
    return searchSimilar(parts, number, { ...search, called });
  });

interface SearchOptions {
  limit: number;
  minSimilarity?: number;
  filter: SampleFilter;
}

async function answer(
  host: NodeJS.Process,
  options: CommonOptions,
  site: Site,
  look: (open: OpenSearch, search: SearchOptions) => Promise<SearchAnswer>,
): Promise<number> {
  const console = takeConsole(host, options, site);
  const settings = required(site.settings(), 'storeUrl', 'catalogUrl');
  const checked = checkTargets(options);
  const targets = hasTarget(options) ? checked : null;
  const { limit, minSimilarity } = options;
  const filter = filterOf(options, settings.collection);
  const { fold = false, diverse = false } = options;
  const refinement = { limit, fold, diverse };
  const search = {
    limit: poolFor(refinement),
    filter,
    ...(minSimilarity !== undefined && { minSimilarity }),
  };
  const { collection } = settings;
  // File names and tables of exported samples use more columns than a hit shows.
  const columns =
    collection.rows === null ? null : [...collection.shown, ...(targets === null ? [] : collection.filters)];
  const found = await withSearch(settings, host, columns, async (open) => {
    const answer = await look(open, search);
    const { generation, generations } = open.parts;
    return {
      ...answer,
      generation,
      generations,
      hits: await refineHits(open.parts, answer.hits, refinement),
    };
  });
  const { empty, generation, generations } = found;
  const hits = found.hits.map((hit) => ({
    ...withFields(hit, collection.shown),
    generation: generation.number,
  }));
  const taken =
    targets === null
      ? null
      : await (await import('../take/take.js')).take(host, console, found.hits, {
          options,
          targets,
          settings,
          makeSound: site.makeSound,
        });
  console.answer(taken === null ? hits : { hits, written: taken.json });
  if (empty !== null) console.say(`Nothing found: ${empty}`);
  if (console.json) return taken?.code ?? ExitCode.Ok;
  if (hits.length > 0)
    console.say(hitsTable(hits, console.stdout.isTTY ? console.stdout.columns : undefined));
  else if (empty === null) console.say('Nothing found.');
  if (hits.some(({ gone }) => gone === true))
    console.say(
      settings.collection.folder === null
        ? 'Gone from the catalog: embeddings --all --prune deletes their vectors'
        : 'Gone from the folder, or not read yet: embeddings scan reads it, embeddings --all --prune deletes their vectors',
    );
  if (generations > 1) console.say(`Of ${plain(lineOfGeneration(generation))}`);
  for (const line of taken?.lines ?? []) console.say(line);
  return taken?.code ?? ExitCode.Ok;
}

/** Returns the hit with only these columns. */
const withFields = ({ fields, ...hit }: SampleHit, shown: readonly string[]): SampleHit =>
  fields === undefined
    ? hit
    : { ...hit, fields: Object.fromEntries(shown.map((name) => [name, fields[name] ?? null])) };

const filterOf = (options: CommonOptions, collection: Settings['collection']): SampleFilter =>
  filterIn(
    Object.fromEntries(
      [...NAMED_FILTERS, 'where' as const].flatMap((name) =>
        options[name] === undefined ? [] : [[name, options[name]]],
      ),
    ),
    collection,
  );
