import type { Settings } from '../../config.js';
import type { RunProgress, Totals } from '../../contract/progress.js';
import type { RunRow } from '../../engines/types.js';
import { usageFault } from '../../fault.js';
import { progressFields, recentFailures } from '../status/status-json.js';
import { whyNotWritable, writeWhole } from '../write-file.js';

/** The file of `--progress-file`. It is always a complete document, and an error while writing never stops the run. */
export interface ProgressFile {
  /** Writes the run's progress while the run is being worked on. */
  write(progress: RunProgress): void;
  /** Writes the last progress with the failures; `worker`: whether a worker still works on the run. */
  writeLast(progress: RunProgress, worker: boolean): Promise<void>;
}

/**
 * Opens the file. Throws a Fault if it cannot be written, before anything is started. Later errors are reported once
 * and ignored.
 */
export function openProgressFile(
  path: string | null,
  settings: Settings,
  say: (line: string) => void,
): ProgressFile {
  if (path === null) return { write: () => undefined, writeLast: () => Promise.resolve() };
  const why = whyNotWritable(path);
  if (why !== null) throw usageFault(`--progress-file ${path} cannot be written: ${why}`);
  let isReported = false;
  const write = (fields: object): void => {
    try {
      writeWhole(path, `${JSON.stringify(fields, null, 2)}\n`, { wait: false });
      isReported = false;
    } catch (error) {
      if (!isReported)
        say(`--progress-file cannot be written (${(error as Error).message}); the run goes on without it.`);
      isReported = true;
    }
  };
  return {
    write: (progress) => write({ ...progressFields(progress, []), worker: true }),
    async writeLast(progress, worker) {
      const failures = progress.totals.failed === 0 ? [] : await recentFailures(settings);
      write({ ...progressFields(progress, failures), worker });
    },
  };
}

/**
 * Returns the progress of a run that this command no longer works on. Batches that were under way when it was last
 * read have been stored since; the store's row counts them.
 */
export function withStoredTotals(last: RunProgress, row: RunRow | null): RunProgress {
  if (row === null || row.runId !== last.runId) return { ...last, inFlight: 0 };
  const totals: Totals = { ...last.totals, ...row.totals };
  for (const name of ['selected', 'stored', 'unchanged', 'failed', 'copied', 'noted'] as const)
    totals[name] = Math.max(last.totals[name], row.totals[name]);
  totals.lastProcessedId =
    Math.max(last.totals.lastProcessedId ?? 0, row.totals.lastProcessedId ?? 0) || null;
  return {
    ...last,
    state: row.state as RunProgress['state'],
    reason: row.reason,
    totals,
    expected: Math.max(last.expected, totals.selected),
    inFlight: 0,
    updatedAt: row.updatedAt,
  };
}
