import { recipeOf } from '../../collections/recipe.js';
import { loadSettings, required, type Settings } from '../../config.js';
import type { PlannedGeneration } from '../../contract/generation.js';
import {
  generationOf,
  nameOfGeneration,
  toPlanned,
  wholeGeneration,
} from '../../domain/choose-generation.js';
import { makeGeneration } from '../../domain/make-generation.js';
import type { Store } from '../../engines/store.js';
import { vectorBytes } from '../../engines/vector-form.js';
import {
  type Comparison,
  compareGenerations,
  derivedPoints,
  pointsOf,
  spreadIds,
} from '../../eval/compare-generations.js';
import { type JudgedQuery, readJudged } from '../../eval/judged-file.js';
import type { Points } from '../../eval/neighbours.js';
import { usageFault } from '../../fault.js';
import { inGeneration } from '../../hosting/generation-settings.js';
import { openProvider } from '../../hosting/open-parts.js';
import { queryModel, queryVector } from '../../search/query-vector.js';
import { compactIds } from '../../sources/sample-ids.js';
import { count } from '../../terminal/format.js';
import { summaryTable } from '../../terminal/tables.js';
import { askPrice } from '../ask-price.js';
import { confirm, isInteractive } from '../confirm.js';
import { type Console, createConsole } from '../console.js';
import { meanText } from '../eval/eval.js';
import { JUDGED_FILE } from '../eval/judged-path.js';
import { ExitCode } from '../exit-codes.js';
import { dryRun } from '../generate/dry-run.js';
import { type BuildOptions, derivedFrom, recipeFor, requestFor } from './build.js';
import { checkCatalogReadable, runInto } from './run-into.js';
import { activeOf, withGenerations } from './with-generations.js';

interface TryOptions extends BuildOptions {
  sample: number;
  judged?: string;
}

/** Past queries that are run on both generations, at most. */
const QUERIES = 20;
type Ready = Settings & { storeUrl: string; catalogUrl: string };

/**
 * `embeddings model try`: embeds some samples with another model, or derives shorter vectors for some, and shows how
 * search results would change. Exit codes of `generate`. Bought vectors are kept, so a later build does not buy them
 * again.
 */
export async function tryModel(host: NodeJS.Process, options: TryOptions): Promise<number> {
  const console = createConsole(host, options.json === true);
  const settings = required(loadSettings(), 'storeUrl', 'catalogUrl');
  const judged = readJudged(options.judged ?? JUDGED_FILE, { ifThere: options.judged === undefined });
  const own = recipeOf(settings.collection);
  const derives = options.shorten !== undefined || options.eightBit === true;
  const { active, all, ids, there } = await withGenerations(settings, async (store, all) => {
    const { planned } = toPlanned(activeOf(all), own);
    const graded = judged.flatMap(({ grades }) => [...grades.keys()].map(Number)).filter(Number.isInteger);
    // The file may belong to another library, or name samples that no longer exist.
    const stored = await pointsOf(store, planned, graded);
    const spread = await spreadIds(store, options.sample);
    const ids = [...new Set([...spread, ...stored.keys()])].sort((a, b) => a - b);
    if (ids.length === 0)
      throw usageFault('nothing is stored yet to compare with: embed with embeddings --all');
    const recipe = derives ? null : recipeFor(settings, planned.recipe, options);
    return {
      active: planned,
      ...{ all, ids },
      there: recipe === null ? null : { recipe, known: generationOf(all, recipe) },
    };
  });
  if (there === null) {
    const other = derivedFrom(active, all, options);
    return withGenerations(settings, async (store) => {
      const points = await pointsOf(store, active, ids);
      const compared = await compare(
        settings,
        store,
        { active, other, judged },
        {
          active: points,
          other: derivedPoints(points, other),
        },
      );
      return show(console, compared, { active, other, bought: false });
    });
  }
  const { recipe, known } = there;
  if (known?.number === active.number)
    throw usageFault(
      `${nameOfGeneration(active)} is the active generation: name another model, or --dimensions`,
    );
  const planned = wholeGeneration(recipe, known?.number);
  const target = { settings: inGeneration(settings, planned), isNew: known === null };
  await askPrice(target.settings);
  const selection = { kind: 'ids' as const, ids: compactIds(ids) };
  await (console.json ? checkCatalogReadable(target.settings) : dryRun(console, target, selection, false));
  if (options.yes !== true && isInteractive(host) && !(await confirm(host, console, 'Try it?')))
    throw usageFault('nothing was done: the trial was not confirmed');
  const number =
    known?.number ??
    (await withGenerations(settings, (store) => makeGeneration(store, active, planned, { trial: true })))
      .number;
  const code = await runInto(
    host,
    { ...console, answer: () => undefined },
    { ...settings, building: number },
    {
      request: { ...requestFor(settings, number, options), selection },
      fallback: null,
      maxCostNanos: options.maxCost ?? null,
      progressFile: null,
      detach: false,
      again: 'the same command',
    },
  );
  if (code !== ExitCode.Ok && code !== ExitCode.SomeFailed) return code;
  return withGenerations(settings, async (store) => {
    const other = { ...planned, number };
    const compared = await compare(
      settings,
      store,
      { active, other, judged },
      {
        active: await pointsOf(store, active, ids),
        other: await pointsOf(store, other, ids),
      },
    );
    return show(console, compared, { active, other, bought: true });
  });
}

async function compare(
  settings: Ready,
  store: Store,
  { active, other, judged }: { active: PlannedGeneration; other: PlannedGeneration; judged: JudgedQuery[] },
  points: { active: Points; other: Points },
): Promise<Comparison> {
  const vector = async (generation: PlannedGeneration, query: string): Promise<Uint8Array> => {
    const own = inGeneration(settings, generation);
    const provider = () => openProvider(required(own, 'apiKey'), 'query');
    return (await queryVector(store, provider, queryModel(generation), query)).vector;
  };
  return compareGenerations(points, {
    queries: [...new Set([...judged.map(({ query }) => query), ...(await store.pastQueries(QUERIES))])],
    ...{ judged, activeIs: active, otherIs: other },
    vectorsOf: async (query) => ({
      active: await vector(active, query),
      other: await vector(other, query),
    }),
  });
}

function show(
  console: Console,
  { samples, neighbours, queries, agreement, ndcg }: Comparison,
  { active, other, bought }: { active: PlannedGeneration; other: PlannedGeneration; bought: boolean },
): number {
  const bytes = {
    active: vectorBytes(active.dimensions, active.form),
    other: vectorBytes(other.dimensions, other.form),
  };
  console.answer({
    ...(bought && { generation: other.number }),
    ...{ model: other.recipe.model, dimensions: other.dimensions, numbers: other.form, samples },
    neighbours_overlap_at_10: neighbours,
    queries_overlap_at_10: queries,
    queries_agreement_ndcg_at_10: agreement,
    ndcg_at_10: ndcg,
    vector_bytes: bytes.other,
    times_smaller: bytes.active / bytes.other,
  });
  if (console.json) return ExitCode.Ok;
  console.say('');
  console.say(
    summaryTable(`${nameOfGeneration(other)}, beside ${nameOfGeneration(active)}`, [
      ['Samples compared', count(samples)],
      ['Same among the nearest ten of a sample', meanText(neighbours)],
      [
        'Same among the first ten of a query',
        queries === null ? 'nobody has searched yet' : meanText(queries),
      ],
      ...(agreement === null
        ? []
        : ([['nDCG@10 of a past query, the active one taken for right', meanText(agreement)]] as [
            string,
            string,
          ][])),
      ...(ndcg === null
        ? []
        : ([
            ['nDCG@10 of judged queries, the active one', meanText(ndcg.active)],
            ['nDCG@10 of judged queries, this one', meanText(ndcg.other)],
          ] as [string, string][])),
      [
        'Bytes of a vector',
        `${count(bytes.other)} (${(bytes.active / bytes.other).toFixed(1)} times smaller)`,
      ],
    ]),
  );
  console.say(
    bought
      ? `The bought vectors are kept as generation ${other.number}: embeddings model build ${other.recipe.model} --dimensions ${other.dimensions} buys the rest, embeddings model drop ${other.number} deletes it.`
      : 'Nothing was sent, and nothing stored.',
  );
  return ExitCode.Ok;
}
