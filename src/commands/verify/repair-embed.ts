import type { Settings } from '../../config.js';
import type { RunRequest } from '../../contract/request.js';
import { idSlices } from '../../verify/id-slices.js';
import type { Console } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { checkBeforehand } from '../generate/generate.js';
import { runGeneration } from '../generate/run-generation.js';

export interface EmbeddedAgain {
  /** Of the run that ended the work; Ok when there was nothing to do. */
  code: number;
  /** Samples that were part of a run. */
  sent: number;
  runs: unknown[];
}

/**
 * Embeds exactly these samples anew by ordinary runs: one, or one after another where so many scattered ids do not fit
 * into one request. Stops at the first that does not reach its end.
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
  // Verifying has one answer of its own, which these become part of.
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
