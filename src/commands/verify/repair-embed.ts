import type { Settings } from '../../config.js';
import type { RunRequest } from '../../contract/request.js';
import { idSlices } from '../../verify/id-slices.js';
import type { Console } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { checkBeforehand } from '../generate/generate.js';
import { runGeneration } from '../generate/run-generation.js';

export interface EmbeddedAgain {
  /** Exit code of the last run; Ok if there was nothing to do. */
  code: number;
  /** Samples that were part of a run. */
  sent: number;
  runs: unknown[];
}

/**
 * Embeds exactly these samples again with ordinary runs: one run, or several in sequence if one request cannot hold so
 * many scattered ids. Stops at the first run that does not complete.
 */
export async function embedAgain(
  host: NodeJS.Process,
  console: Console,
  settings: Settings,
  ids: readonly number[],
): Promise<EmbeddedAgain> {
  const result: EmbeddedAgain = { code: ExitCode.Ok, sent: 0, runs: [] };
  if (ids.length === 0) return result;
  await checkBeforehand(settings);
  // Verify prints one answer of its own, which includes those of the runs.
  const quiet: Console = { ...console, answer: (value) => void result.runs.push(value) };
  const { batchSize, maxRetries, concurrency } = settings;
  for (const slice of idSlices(ids)) {
    const request: RunRequest = {
      selection: { kind: 'ids', ids: slice.text },
      reset: true,
      batchSize,
      maxRetries,
      concurrency,
      maxCostNanos: null,
      onBlocked: 'wait',
      ...(settings.building !== undefined && { generation: settings.building }),
    };
    const generation = { request, fallback: request, maxCostNanos: null, progressFile: null, detach: false };
    const code = await runGeneration(host, quiet, settings, generation);
    result.sent += slice.count;
    if (code !== ExitCode.Ok) result.code = code;
    if (code !== ExitCode.Ok && code !== ExitCode.SomeFailed) return result;
  }
  return result;
}
