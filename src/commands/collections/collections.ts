import { loadEverySettings, type Settings } from '../../config.js';
import { hideSecrets } from '../../hide-secrets.js';
import { withStore } from '../../hosting/existing-store.js';
import { count, minute, plain, usd } from '../../terminal/format.js';
import { listTable } from '../../terminal/tables.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';

/** One line of `embeddings collections --json`. Null: not known, or nothing yet. */
interface CollectionLine {
  name: string;
  source: string;
  model: string;
  dimensions: number;
  store: string | null;
  vectors: number | null;
  failed: number | null;
  state: string | null;
  last_run: string | null;
  cost_usd: number | null;
  /** Why its store cannot be read. */
  trouble: string | null;
}

/** `embeddings collections`: from their stores alone, so also where Temporal is down; exit 0. */
export async function collections(host: NodeJS.Process, options: { json?: boolean }): Promise<number> {
  const console = createConsole(host, options.json === true);
  const every = loadEverySettings();
  const lines = await Promise.all(every.map(lineOf));
  console.answer(lines);
  if (console.json) return ExitCode.Ok;
  console.say(
    listTable(
      ['Collection', 'Source', 'Model', 'Vectors', 'Failed', 'State', 'Last run (UTC)', 'Cost'],
      lines.map(({ name, source, model, dimensions, vectors, failed, state, last_run, cost_usd }) => [
        name,
        plain(source),
        plain(`${model.replace(/^.*\//, '')}, ${dimensions}`),
        vectors === null ? '–' : count(vectors),
        failed === null ? '–' : count(failed),
        plain(state ?? 'not begun'),
        last_run === null ? '–' : minute(last_run),
        cost_usd === null ? '–' : usd(cost_usd * 1e9),
      ]),
      {
        columns: host.stdout.isTTY ? host.stdout.columns : undefined,
        flexible: { column: 1, how: 'cut' },
        aligns: ['left', 'left', 'left', 'right', 'right', 'left', 'left', 'right'],
      },
    ),
  );
  for (const { name, trouble } of lines) if (trouble !== null) console.say(`${name}: ${plain(trouble)}`);
  const file = every[0]?.configFile ?? null;
  console.say(
    file === null
      ? 'There is no embeddings.config.yaml: this one is from the environment. docs/collections.md says how to declare others.'
      : `Declared in ${file}. For one of them: --collection ${lines[0]?.name}`,
  );
  return ExitCode.Ok;
}

async function lineOf(settings: Settings): Promise<CollectionLine> {
  const { collection, catalogUrl, storeUrl, model, dimensions } = settings;
  const { rows } = collection;
  const what = rows === null ? 'samples' : 'table' in rows ? rows.table : 'SELECT …';
  const about = {
    name: collection.name,
    source: `${what} in ${catalogUrl === null ? 'no DATABASE_URL' : hideSecrets(catalogUrl)}`,
    ...{ model, dimensions, store: storeUrl === null ? null : hideSecrets(storeUrl) },
  };
  const nothing = { vectors: null, failed: null, state: null, last_run: null, cost_usd: null };
  try {
    const found = await withStore(settings, async (store) => {
      const { vectors } = await store.tables();
      if (vectors !== 'ours') return nothing;
      const run = await store.latestRun();
      const spent = await store.usage('model', { limit: 1 });
      return {
        vectors: await store.countVectors(),
        failed: await store.countFailures(),
        state: run?.state ?? null,
        last_run: run?.startedAt ?? null,
        cost_usd: spent?.total.costNanos == null ? null : Number(spent.total.costNanos) / 1e9,
      };
    });
    return { ...about, ...(found ?? nothing), trouble: null };
  } catch (error) {
    return { ...about, ...nothing, trouble: error instanceof Error ? error.message : String(error) };
  }
}
