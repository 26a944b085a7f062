import { loadSettings, required } from '../../config.js';
import { withStore } from '../../hosting/latest-run.js';
import type { FailureRow } from '../../store/types.js';
import { count, minute, plain } from '../../terminal/format.js';
import { listTable } from '../../terminal/tables.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';

/** `embeddings failures`: exit 0 when there are none, 1 when there are. With `--json`, an array of all of them. */
export async function failures(
  host: NodeJS.Process,
  options: { limit: number; json?: boolean },
): Promise<number> {
  const console = createConsole(host, options.json === true);
  const settings = required(loadSettings(), 'storeUrl');
  const limit = console.json ? 1_000_000 : options.limit;
  const found = await withStore(settings, async (store) => ({
    rows: await store.listFailures({ after: null, limit }),
    total: await store.countFailures(),
  }));
  const { rows, total } = found ?? { rows: [], total: 0 };
  console.answer(
    rows.map((row) => ({
      sample_id: row.sampleId,
      timestamp: row.failedAt,
      reason: row.reason,
      message: row.message,
      attempts: row.attempts,
      permanent: row.permanent,
      run_id: row.runId,
    })),
  );
  if (total === 0) {
    if (!console.json) console.say('No sample has failed.');
    return ExitCode.Ok;
  }
  if (!console.json) {
    const columns = host.stdout.isTTY ? host.stdout.columns : undefined;
    const when = (row: FailureRow): string => (columns === undefined ? row.failedAt : minute(row.failedAt));
    const cells = rows.map((row) => [String(row.sampleId), row.reason, plain(row.message), when(row)]);
    console.say(
      listTable(['Sample', 'Reason', 'Message', 'When (UTC)'], cells, {
        columns,
        flexible: { column: 2, how: 'wrap' },
      }),
    );
    if (total > rows.length)
      console.say(`${count(total - rows.length)} more: embeddings failures --limit ${total}`);
    console.say('Try them again: embeddings generate --failed');
  }
  return ExitCode.SomeFailed;
}
