import { required, type Settings } from '../../config.js';
import { usageFault } from '../../fault.js';
import { withStore } from '../../hosting/existing-store.js';
import { lookAtCatalog, openProvider } from '../../hosting/open-parts.js';
import { type SearchParts, searchSimilar, searchText } from '../../search/open-search.js';
import { queryModel } from '../../search/query-vector.js';
import type { SearchMode } from '../../search/rank.js';
import type { SampleHit } from '../../search/sample-hit.js';
import type { SampleFilter } from '../../sources/types.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { HERE, type Site } from '../site.js';
import { hitsTable } from './hits-table.js';

interface CommonOptions {
  argument: string;
  limit: number;
  minSimilarity?: number;
  genre?: string;
  key?: string;
  bpm?: { from: number; to: number };
  mood?: string;
  tag?: string;
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
  answer(host, options, site, (parts, search) => searchSimilar(parts, Number(options.argument), search));

interface SearchOptions {
  limit: number;
  minSimilarity?: number;
  filter: SampleFilter;
}

async function answer(
  host: NodeJS.Process,
  options: CommonOptions,
  site: Site,
  look: (parts: SearchParts, search: SearchOptions) => Promise<SampleHit[]>,
): Promise<number> {
  const console = createConsole(host, options.json === true, site.words);
  const settings = required(site.settings(), 'storeUrl', 'catalogUrl');
  const { limit, minSimilarity } = options;
  const filter = filterOf(options);
  const search = { limit, filter, ...(minSimilarity !== undefined && { minSimilarity }) };
  const hits = await withParts(settings, host, (parts) => look(parts, search));
  console.answer(hits);
  if (console.json) return ExitCode.Ok;
  if (hits.length > 0) console.say(hitsTable(hits, host.stdout.isTTY ? host.stdout.columns : undefined));
  else console.say('Nothing found.');
  return ExitCode.Ok;
}

function filterOf({ genre, key, bpm, mood, tag }: CommonOptions): SampleFilter {
  return {
    ...(genre !== undefined && { genre }),
    ...(key !== undefined && { key }),
    ...(bpm !== undefined && { bpm }),
    ...(mood !== undefined && { mood }),
    ...(tag !== undefined && { tag }),
  };
}

async function withParts(
  settings: Settings & { catalogUrl: string },
  host: NodeJS.Process,
  look: (parts: SearchParts) => Promise<SampleHit[]>,
): Promise<SampleHit[]> {
  const { collection } = settings;
  const catalog = await lookAtCatalog(settings);
  try {
    const found = await withStore(
      settings,
      (store) =>
        look({
          store,
          catalog,
          provider: () => openProvider(required(settings, 'apiKey'), 'query'),
          model: queryModel(collection),
          ...(collection.rows !== null && { shown: collection.shown }),
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
