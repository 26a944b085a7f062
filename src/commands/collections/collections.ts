import { loadEverySettings, loadSettings, required, type Settings } from '../../config.js';
import { isOver } from '../../contract/progress.js';
import { isMissingFile } from '../../engines/libsql/url.js';
import { usageFault } from '../../fault.js';
import { hideSecrets } from '../../hide-secrets.js';
import { catalogLabel } from '../../hosting/catalog-label.js';
import { withStore } from '../../hosting/existing-store.js';
import { openStoreOf } from '../../hosting/open-store.js';
import { count, minute, plain, usd } from '../../terminal/format.js';
import { listTable } from '../../terminal/tables.js';
import { type Console, createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';

/** One line of `embeddings collections --json`. Null: not known, or nothing stored yet. */
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
  /** Why the store cannot be read. */
  trouble: string | null;
}

/** `embeddings collections`: reads only the stores, so it works while Temporal is down. Exit 0. */
export async function collections(
  host: NodeJS.Process,
  options: { json?: boolean; rename?: string },
): Promise<number> {
  const console = createConsole(host, options.json === true);
  if (options.rename !== undefined) return rename(console, loadSettings(), options.rename);
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

/** Renames a collection. Its store keeps its id, vectors and ledger. Runs under the old name must be over. */
async function rename(console: Console, settings: Settings, old: string): Promise<number> {
  const { storeUrl, collection } = required(settings, 'storeUrl');
  if (isMissingFile(storeUrl))
    throw usageFault('there is no store to rename: TURSO_DATABASE_URL is not there');
  const store = await openStoreOf({ ...settings, storeUrl });
  try {
    await store.migrate();
    const owner = (await store.identity())?.collection ?? null;
    if (owner !== null && owner !== old && owner !== collection.name)
      throw usageFault(`the store holds the collection ${owner}, not ${old}: nothing was renamed`);
    const run = await store.latestRun();
    if (run !== null && !isOver(run))
      throw usageFault(
        `a run of ${old} is ${run.state}: wait for its end, or run embeddings cancel --collection ${old}, then run this command again`,
      );
    await store.giveTo(collection.name);
  } finally {
    await store.close();
  }
  console.say(`The store belongs to the collection ${collection.name} now.`);
  console.answer({ renamed: true, from: old, to: collection.name });
  return ExitCode.Ok;
}

async function lineOf(settings: Settings): Promise<CollectionLine> {
  const { collection, storeUrl, model, dimensions } = settings;
  const { rows, folder } = collection;
  const what = rows === null ? 'samples' : 'table' in rows ? rows.table : 'SELECT …';
  const where = catalogLabel(settings) ?? 'no DATABASE_URL';
  const about = {
    name: collection.name,
    source: folder === null ? `${what} in ${where}` : `folder ${where}`,
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
