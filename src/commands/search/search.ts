import { required, type Settings } from '../../config.js';
import { findSample, type Lookup } from '../../domain/find-sample.js';
import { usageFault } from '../../fault.js';
import { withStore } from '../../hosting/existing-store.js';
import { lookAtCatalog, openProvider } from '../../hosting/open-parts.js';
import { type SearchAnswer, type SearchParts, searchSimilar, searchText } from '../../search/open-search.js';
import { queryModel } from '../../search/query-vector.js';
import type { Range } from '../../search/range.js';
import type { SearchMode } from '../../search/rank.js';
import { poolFor, refineHits } from '../../search/refine.js';
import type { SampleHit } from '../../search/sample-hit.js';
import { checkWhere } from '../../search/where.js';
import type { FieldFilter, SampleFilter } from '../../sources/types.js';
import { type Console, createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { HERE, type Site } from '../site.js';
import { type TakeOptions, takesAnything } from '../take/options.js';
import { checkTargets, type Targets } from '../take/targets.js';
import { hitsTable } from './hits-table.js';

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

/** `embeddings search TEXT`: exit 0, also where nothing fits. With `--json` an array of SampleHit, best first. */
export const search = (
  host: NodeJS.Process,
  options: CommonOptions & { mode: SearchMode },
  site: Site = HERE,
): Promise<number> =>
  answer(host, options, site, (parts, search) =>
    searchText(parts, options.argument, { ...search, mode: options.mode }),
  );

/** `embeddings similar ID`: the same for what lies near one sample. */
export const similar = (host: NodeJS.Process, options: CommonOptions, site: Site = HERE): Promise<number> =>
  answer(host, options, site, async (parts, search) => {
    const { number, called } = await findSample(parts, options.argument);
    return searchSimilar(parts, number, { ...search, called });
  });

/** With the numbers of text ids. */
type LookupParts = SearchParts & Pick<Lookup, 'keys'>;

interface SearchOptions {
  limit: number;
  minSimilarity?: number;
  filter: SampleFilter;
}

async function answer(
  host: NodeJS.Process,
  options: CommonOptions,
  site: Site,
  look: (parts: LookupParts, search: SearchOptions) => Promise<SearchAnswer>,
): Promise<number> {
  const console = createConsole(host, options.json === true, site.words);
  const settings = required(site.settings(), 'storeUrl', 'catalogUrl');
  const checked = checkTargets(options);
  const targets = takesAnything(options) ? checked : null;
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
  // Names and tables of what is taken along say more than a hit shows.
  const columns = targets === null ? collection.shown : [...collection.shown, ...collection.filters];
  const found = await withParts(settings, host, columns, async (parts) => {
    const answer = await look(parts, search);
    return { ...answer, hits: await refineHits(parts, answer.hits, refinement) };
  });
  const { empty } = found;
  const hits = found.hits.map((hit) => withFields(hit, collection.shown));
  const taken =
    targets === null ? null : await take(host, console, found.hits, { options, targets, settings });
  console.answer(taken === null ? hits : { hits, written: taken.json });
  if (empty !== null) console.say(`Nothing found: ${empty}`);
  if (console.json) return taken?.code ?? ExitCode.Ok;
  if (hits.length > 0) console.say(hitsTable(hits, host.stdout.isTTY ? host.stdout.columns : undefined));
  else if (empty === null) console.say('Nothing found.');
  if (hits.some(({ gone }) => gone === true))
    console.say(
      settings.collection.folder === null
        ? 'Gone from the catalog: embeddings --all --prune deletes their vectors'
        : 'Gone from the folder, or not read yet: embeddings scan reads it, embeddings --all --prune deletes their vectors',
    );
  for (const line of taken?.lines ?? []) console.say(line);
  return taken?.code ?? ExitCode.Ok;
}

/** Only these columns. */
const withFields = ({ fields, ...hit }: SampleHit, shown: readonly string[]): SampleHit =>
  fields === undefined
    ? hit
    : { ...hit, fields: Object.fromEntries(shown.map((name) => [name, fields[name] ?? null])) };

/** Writes the hits wherever they are wanted, and what there is to say of it. */
async function take(
  host: NodeJS.Process,
  console: Console,
  hits: readonly SampleHit[],
  { options, targets, settings }: { options: TakeOptions; targets: Targets; settings: Settings },
): Promise<{ code: number; json: object; lines: string[] }> {
  const { takeHits } = await import('../take/take-hits.js');
  const { writtenCode, writtenJson, writtenLines } = await import('../take/written.js');
  const written = await takeHits(host, console, hits, options, targets, settings);
  return {
    code: writtenCode(written),
    json: writtenJson(written),
    lines: writtenLines(written, hits.length),
  };
}

const LIBRARY_OPTIONS = ['genre', 'key', 'bpm', 'mood', 'tag', 'energy', 'danceability', 'duration'] as const;

function filterOf(options: CommonOptions, collection: Settings['collection']): SampleFilter {
  const given = LIBRARY_OPTIONS.filter((name) => options[name] !== undefined);
  const [first] = given;
  if (collection.rows !== null && first !== undefined)
    throw usageFault(
      `--${first} is for the sample library's tables, and ${collection.name} has others: write --where with one of its ` +
        `filters: ${collection.filters.join(', ')}`,
    );
  const { where = [] } = options;
  checkWhere(where, collection);
  return {
    ...Object.fromEntries(given.map((name) => [name, options[name]])),
    ...(where.length > 0 && { where }),
  };
}

async function withParts(
  settings: Settings & { catalogUrl: string },
  host: NodeJS.Process,
  columns: readonly string[],
  look: (parts: LookupParts) => Promise<SearchAnswer>,
): Promise<SearchAnswer> {
  const { collection } = settings;
  const catalog = await lookAtCatalog(settings);
  try {
    const found = await withStore(
      settings,
      (store) =>
        look({
          store,
          catalog,
          keys: catalog.keys,
          provider: () => openProvider(required(settings, 'apiKey'), 'query'),
          model: queryModel(collection),
          ...(collection.rows !== null && { shown: [...new Set(columns)] }),
          file: collection.file,
          progress: (done, total) => {
            if (done === total || done % 20_000 === 0)
              host.stderr.write(`Preparing earlier rows for search: ${done} of ${total}\n`);
          },
        }),
      { readOnly: false },
    );
    if (found !== null) return found;
  } finally {
    await catalog.close();
  }
  throw usageFault(
    'there is nothing to search yet: TURSO_DATABASE_URL is not there; make it with embeddings --all',
  );
}
