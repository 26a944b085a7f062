import type { Library } from './plan.js';

/**
 * `ids` holds ranges in the form of `--sample-ids`, normalised: sorted, merged, e.g. `1,5,10-20`. `textIds`: the ids as
 * they were given, if ids are text, for sentences; may be cut.
 */
export type Selection = { kind: 'all' } | { kind: 'ids'; ids: string; textIds?: string } | { kind: 'failed' };

export type OnBlocked = 'wait' | 'fail';

/** The request for a run. The worker's own settings decide absent fields in preflight. */
export interface RunRequest {
  selection: Selection;
  /** Embed every selected sample again, even if the stored vector is up to date. */
  reset: boolean;
  /** Samples a request, 1–2,048. */
  batchSize: number;
  /** Retries of a batch after its first attempt. */
  maxRetries: number;
  /** Requests in flight in each worker. */
  concurrency: number;
  /** Hard cap on what the run may spend, integer nanodollars; null: no cap. */
  maxCostNanos: number | null;
  onBlocked: OnBlocked;
  /** Once all is embedded, delete vectors and failures of samples that are gone from the catalog. Absent: never. */
  prune?: boolean;
  /** Continue although the catalog lost a field that the last texts were made of. Absent: such a run is refused. */
  acceptShape?: boolean;
  /** The number of the generation to write. Absent: the active one, or the one that the configuration asks for. */
  generation?: number;
  /** The library of the run, as far as the client knows it. Absent: the worker that takes preflight decides. */
  library?: Partial<Library>;
  /** The schedule that asked, and the run id of the workflow it started. Absent: a person asked. */
  scheduledBy?: { schedule: string; firing: string };
}

const atLeast = (least: number, value: unknown): boolean => Number.isInteger(value) && Number(value) >= least;

/** Returns whether a value is a complete request: one typed into Temporal's UI may lack fields, or have others. */
export function isRunRequest(value: unknown): value is RunRequest {
  const { selection, reset, batchSize, maxRetries, concurrency, maxCostNanos, onBlocked } = (value ??
    {}) as Partial<RunRequest>;
  const { kind, ids } = (selection ?? {}) as { kind?: unknown; ids?: unknown };
  return (
    (kind === 'all' || kind === 'failed' || (kind === 'ids' && typeof ids === 'string')) &&
    typeof reset === 'boolean' &&
    atLeast(1, batchSize) &&
    atLeast(0, maxRetries) &&
    atLeast(1, concurrency) &&
    (maxCostNanos === null || atLeast(0, maxCostNanos)) &&
    (onBlocked === 'wait' || onBlocked === 'fail')
  );
}

const essence = ({ selection, reset, prune = false, generation }: RunRequest): string =>
  JSON.stringify([selection, reset, prune, ...(generation === undefined ? [] : [generation])]);

/** Returns whether two requests mean the same run. Speed, retries and requester may differ. */
export const sameRequest = (a: RunRequest, b: RunRequest): boolean => essence(a) === essence(b);

/** Returns `all samples`, `samples 1,5,10-20`, for sentences and summaries. */
export function describeSelection({
  selection,
  reset,
  prune = false,
}: Pick<RunRequest, 'selection' | 'reset' | 'prune'>): string {
  const anew = `${reset ? ', anew' : ''}${prune ? ', pruning' : ''}`;
  if (selection.kind === 'all') return `all samples${anew}`;
  if (selection.kind === 'failed') return `the samples that failed${anew}`;
  const { textIds: asked = selection.ids } = selection;
  const ids = asked.length > 60 ? `${asked.slice(0, 59)}…` : asked;
  return `samples ${ids}${anew}`;
}
