import { loadSettings, required } from '../../config.js';
import { nameOfGeneration } from '../../domain/choose-generation.js';
import { evaluate as evaluateQueries } from '../../eval/evaluate.js';
import { readJudged } from '../../eval/judged-file.js';
import type { Mean } from '../../eval/metrics.js';
import { usageFault } from '../../fault.js';
import { openSearch } from '../../hosting/open-search.js';
import type { SearchMode } from '../../search/rank.js';
import { searchText } from '../../search/search-samples.js';
import { plain, usd } from '../../terminal/format.js';
import { summaryTable } from '../../terminal/tables.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';

interface EvalOptions {
  judged: string;
  generation?: number;
  mode: string;
  atLeast?: number;
  json?: boolean;
}

const MODES = ['hybrid', 'vector', 'text'];

/** `0.713 (0.65 to 0.78)`. */
export const meanText = (mean: Mean | null): string =>
  mean === null
    ? '–'
    : `${mean.mean.toFixed(3)} (95 %: ${mean.low.toFixed(3)} to ${mean.high.toFixed(3)}, of ${mean.count})`;

/** `embeddings eval`: exit 0; 1 if nDCG@10 is below `--at-least`; 2 if nothing is judged. */
export async function evaluate(host: NodeJS.Process, options: EvalOptions): Promise<number> {
  const console = createConsole(host, options.json === true);
  const { atLeast, mode } = options;
  if (!MODES.includes(mode)) throw usageFault(`--mode is one of ${MODES.join(', ')}, got ${mode}`);
  const settings = required(loadSettings(), 'storeUrl', 'catalogUrl');
  const judged = readJudged(options.judged);
  const open = await openSearch(settings, { columns: null });
  try {
    const parts = options.generation === undefined ? open.parts : await open.partsOf(options.generation);
    const { generation } = parts;
    const found = await evaluateQueries(judged, (query, limit) =>
      searchText(parts, query, { limit, mode: mode as SearchMode }),
    );
    if (found.ndcg === null)
      throw usageFault(
        `no query of ${options.judged} has a grade above 0: judge some with embeddings judge ${options.judged}`,
      );
    const worse = atLeast !== undefined && found.ndcg.mean < atLeast;
    console.answer({
      ...{ generation: generation.number, model: generation.recipe.model, dimensions: generation.dimensions },
      ...{ numbers: generation.form, mode, queries: found.queries },
      ...{ ndcg_at_10: found.ndcg, recall_at_10: found.recall },
      ...{ latency_p50_ms: found.latencyMs.p50, latency_p95_ms: found.latencyMs.p95 },
      cost_per_query_usd:
        found.costNanos === null ? null : found.bought === 0 ? 0 : found.costNanos / found.bought / 1e9,
      ...(atLeast !== undefined && { at_least: atLeast, passed: !worse }),
      each: found.each,
    });
    if (!console.json) {
      console.say(
        summaryTable(`Generation ${generation.number}: ${plain(nameOfGeneration(generation))}`, [
          ['nDCG@10', meanText(found.ndcg)],
          ['Recall@10', meanText(found.recall)],
          ['A search', `${found.latencyMs.p50.toFixed(0)} ms (95 %: ${found.latencyMs.p95.toFixed(0)} ms)`],
          [
            'A new query',
            found.costNanos === null
              ? 'unknown'
              : found.bought === 0
                ? 'all were known: nothing was bought'
                : usd(found.costNanos / found.bought, { places: 8 }),
          ],
        ]),
      );
      const [worst] = found.each;
      if (worst !== undefined)
        console.say(`Worst of all: "${plain(worst.query)}", ${worst.ndcg.toFixed(3)}.`);
      if (worse) console.say(`That is less than --at-least ${atLeast}.`);
    }
    return worse ? ExitCode.SomeFailed : ExitCode.Ok;
  } finally {
    await open.close();
  }
}
