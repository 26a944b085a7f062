import { required, type Settings } from '../config.js';
import { browseSamples } from '../search/browse.js';
import { dayBegan } from '../search/daily-cap.js';
import { openFastSearch } from '../search/index/open-fast-search.js';
import { describeSamples, type SampleHit } from '../search/sample-hit.js';
import { type Aside, createSearchQueue } from '../search/search-queue.js';
import { type SearchParts, searchExamples, searchText } from '../search/search-samples.js';
import { candidatesOf } from '../sound/candidates.js';
import { exactPath } from '../sound/disk-path.js';
import { soundFinder, soundPlace } from '../sound/find-file.js';
import { refusal } from '../sound/refusal.js';
import type { Catalog } from '../sources/types.js';
import { makeKit } from '../take/kit/make-kit.js';
import type { KitLibrary } from '../take/kit-library.js';
import { type GenerationParts, type OpenSearchOptions, openSearch } from './open-search.js';

export interface OpenLibraryOptions extends Pick<OpenSearchOptions, 'progress' | 'cap'> {
  /** Called with a path before its file is looked for, when files are created on demand. */
  makeSound?: (path: string) => Promise<void>;
}

/**
 * Opens the settings' collection for many searches. They are answered from memory once everything is read; the store
 * has its own thread. Throws as openSearch does.
 */
export async function openLibrary(
  settings: Settings,
  { makeSound, ...options }: OpenLibraryOptions = {},
): Promise<KitLibrary> {
  const { collection, soundRoots, storeUrl, storeToken } = required(settings, 'storeUrl');
  const columns = [...new Set([...collection.shown, ...collection.filters])];
  const open = await openSearch(settings, { ...options, columns, forMany: true });
  const { catalog } = open.parts;
  const store = open.parts.store.of(null);
  /** The index in memory is of one generation. Another generation's index is read once that generation is active. */
  const openIndex = ({ generation, store: own }: GenerationParts) => ({
    number: generation.number,
    fast: openFastSearch({
      ...{ store: own, catalog, collection, storeUrl },
      ...{ generation: generation.number, dimensions: generation.dimensions },
      ...(storeToken !== null && { storeToken }),
      kept: { folder: settings.home },
    }),
  });
  let memory = openIndex(open.parts);
  const closing: Promise<void>[] = [];
  const overActive = <T>(
    aside: Aside,
    search: (parts: SearchParts & GenerationParts) => Promise<T>,
  ): Promise<T> =>
    open.over((parts) => {
      if (memory.number !== parts.generation.number) {
        closing.push(memory.fast.close());
        memory = openIndex(parts);
      }
      return search({ ...parts, index: memory.fast, aside });
    });
  const queue = createSearchQueue();
  const describe: KitLibrary['describe'] = (samples) =>
    describeSamples(
      open.parts,
      samples.map(({ number }) => ({ sampleId: number, similarity: null, score: 0 })),
    );
  return {
    ...{ collection, columns, find: open.find, describe },
    search: (query, options) =>
      queue(options.signal, (aside) => overActive(aside, (parts) => searchText(parts, query, options))),
    byExample: (examples, options) =>
      queue(options.signal, (aside) =>
        overActive(aside, (parts) => searchExamples(parts, examples, options)),
      ),
    browse: (filter, options) =>
      queue(options.signal, (aside) =>
        overActive(aside, async (parts) => {
          await memory.fast.loaded();
          return browseSamples(parts, filter, options);
        }),
      ),
    kit: (text, options) =>
      queue(undefined, (aside) => overActive(aside, (parts) => makeKit(parts, text, options))),
    generation: () => open.parts.generation,
    async sample(id) {
      const [hit] = await describe([await open.find(id)]);
      return hit as SampleHit;
    },
    file: soundFinder(soundRoots, makeSound),
    async place(path) {
      // A file that is created on demand is not created just to name its path.
      if (makeSound === undefined || path === null) return soundPlace(path, soundRoots);
      const [place] = candidatesOf(path, soundRoots);
      return place === undefined ? null : exactPath(place);
    },
    whyUnheard: () => whyUnheard(catalog, settings),
    facets: (filter) =>
      queue(undefined, async () => {
        const { fast } = memory;
        await fast.loaded();
        // A title belongs to one sample, so it is no facet.
        return ((await fast.facets(filter)) ?? []).filter(({ field }) => field !== collection.shown[0]);
      }),
    // `over` makes this correct even when nobody has searched since another generation became active.
    status: () =>
      open.over(async () => {
        const [samples, stored, failed, run] = await Promise.all([
          catalog.count(),
          store.countVectors(),
          store.countFailures(),
          store.latestRun(),
        ]);
        const latest = run && { state: run.state, reason: run.reason, updatedAt: run.updatedAt };
        return { samples, stored, failed, run: latest };
      }),
    async spending() {
      const [usage, searchesToday] = await Promise.all([
        store.usage('model', { limit: 1 }),
        store.searchSpending(dayBegan()),
      ]);
      const { costNanos = 0n, requests = 0, tokens = 0 } = usage?.total ?? {};
      return { allNanos: costNanos, requests, tokens, searchesToday };
    },
    async close() {
      await Promise.all([...closing, memory.fast.close()]);
      await open.close();
    },
  };
}

/** Number of rows read to find out whether the catalog names files at all. */
const LOOKED_AT = 100;

async function whyUnheard(
  catalog: Pick<Catalog, 'readPage'>,
  { collection, soundRoots }: Settings,
): Promise<string | null> {
  const { file, name } = collection;
  if (file === null)
    return `The collection ${name} names no audio files: say which column holds their paths, by "file:" in embeddings.config.yaml.`;
  const rows = await catalog.readPage({ after: null, limit: LOOKED_AT, columns: [file] });
  if (rows.length > 0 && rows.every((row) => row[file] === undefined))
    return `The catalog names no audio files: it has no column ${file}.`;
  return soundRoots.folders.length === 0 ? refusal('no-root').sentence : null;
}
