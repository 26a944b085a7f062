import { required } from '../../config.js';
import { withTextIds } from '../../domain/text-ids.js';
import type { Store } from '../../engines/store.js';
import type { FailureRow } from '../../engines/types.js';
import { withStore } from '../../hosting/existing-store.js';
import { count, minute, plain } from '../../terminal/format.js';
import { listTable } from '../../terminal/tables.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { failureCures } from '../failure-cures.js';
import { failureFields, idOf, type NamedFailure } from '../failure-fields.js';
import { HERE, type Site } from '../site.js';
import { createJsonList } from './json-list.js';

/** Rows of one read: a libSQL server sends 10 MB at most. */
const PAGE = 1000;

/** `embeddings failures`: exit 0 if there are none, 1 if there are. With `--json`, an array of all of them. */
export async function failures(
  host: NodeJS.Process,
  options: { limit: number; json?: boolean },
  site: Site = HERE,
): Promise<number> {
  const console = createConsole(host, options.json === true, site.words);
  const settings = required(site.settings(), 'storeUrl');
  if (console.json) {
    const list = createJsonList(console.stdout);
    let written = 0;
    await withStore(settings, async (store) => {
      for await (const rows of failurePages(store)) {
        await list.add((await withTextIds(store, rows)).map(fieldsOf));
        written += rows.length;
      }
    });
    list.end();
    return written > 0 ? ExitCode.SomeFailed : ExitCode.Ok;
  }
  const found = await withStore(settings, async (store) => {
    const rows: NamedFailure[] = [];
    for await (const page of failurePages(store, options.limit))
      rows.push(...(await withTextIds(store, page)));
    return { rows, total: await store.countFailures() };
  });
  const { rows, total } = found ?? { rows: [], total: 0 };
  if (total === 0) {
    console.say('No sample has failed.');
    return ExitCode.Ok;
  }
  const columns = host.stdout.isTTY ? host.stdout.columns : undefined;
  const when = (row: NamedFailure): string => (columns === undefined ? row.failedAt : minute(row.failedAt));
  const cells = rows.map((row) => [plain(String(idOf(row))), row.reason, plain(row.message), when(row)]);
  console.say(
    listTable(['Sample', 'Reason', 'Message', 'When (UTC)'], cells, {
      columns,
      flexible: { column: 2, how: 'wrap' },
    }),
  );
  if (total > rows.length)
    console.say(`${count(total - rows.length)} more: embeddings failures --limit ${total}`);
  for (const cure of failureCures(rows, total)) console.say(cure);
  return ExitCode.SomeFailed;
}

/** Yields pages of failures in ascending order of their ids, `limit` rows at most. */
async function* failurePages(
  store: Pick<Store, 'listFailures'>,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<FailureRow[]> {
  let after: number | null = null;
  for (let left = limit; left > 0; ) {
    const wanted = Math.min(PAGE, left);
    const rows: FailureRow[] = await store.listFailures({ after, limit: wanted });
    if (rows.length > 0) yield rows;
    if (rows.length < wanted) return;
    left -= rows.length;
    after = rows.at(-1)?.sampleId ?? null;
  }
}

const fieldsOf = (row: NamedFailure) => ({ ...failureFields(row), run_id: row.runId });
