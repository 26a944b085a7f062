import type { Settings } from '../../config.js';
import type { RunProgress, Totals } from '../../contract/progress.js';
import type { RunRow } from '../../engines/types.js';
import { usageFault } from '../../fault.js';
import { progressFields, recentFailures } from '../status/status-json.js';
import { whyNotWritable, writeWhole } from '../write-file.js';

/** The file of `--progress-file`, always whole and never in the way of the run. */
export interface ProgressFile {
  /** How the run stands, while somebody works on it. */
  write(progress: RunProgress): void;
  /** The same with its failures; `worker`: whether anybody is still at work on it. */
  writeLast(progress: RunProgress, worker: boolean): Promise<void>;
}

/**
 * Throws a Fault, before anything is begun, where the file cannot be written. What goes wrong later is said once and
 * done without.
 */
export function openProgressFile(
  path: string | null,
  settings: Settings,
  say: (line: string) => void,
): ProgressFile {
  if (path === null) return { write: () => undefined, writeLast: () => Promise.resolve() };
  const why = whyNotWritable(path);
  if (why !== null) throw usageFault(`--progress-file ${path} cannot be written: ${why}`);
  let told = false;
  const write = (fields: object): void => {
    try {
      writeWhole(path, `${JSON.stringify(fields, null, 2)}\n`, { wait: false });
      told = false;
    } catch (error) {
      if (!told)
        say(`--progress-file cannot be written (${(error as Error).message}); the run goes on without it.`);
      told = true;
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
 * How a run stands that this command has stopped working on: what was under way when it was last looked at has been
 * stored since, and the store counts it.
 */
export function afterTheLastLook(last: RunProgress, row: RunRow | null): RunProgress {
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
