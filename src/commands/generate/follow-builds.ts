import type { Settings } from '../../config.js';
import type { RunRequest } from '../../contract/request.js';
import { buildsToFollow } from '../../domain/builds-to-follow.js';
import { withStore } from '../../hosting/existing-store.js';
import { configuredTemporal } from '../../hosting/temporal.js';
import type { Console } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { runGeneration } from './run-generation.js';

/**
 * In one-command mode, after a run of all samples: also updates the generations that are being built beside the active
 * one, as a cluster's workers do on their own.
 * @returns the worst exit code, that of the run itself included.
 */
export async function followBuilds(
  host: NodeJS.Process,
  console: Console,
  settings: Settings,
  { request, code }: { request: RunRequest; code: number },
): Promise<number> {
  const followed = code === ExitCode.Ok || code === ExitCode.SomeFailed;
  if (!followed || request.selection.kind !== 'all' || configuredTemporal(settings) !== null) return code;
  let worst: number = code;
  for (const number of (await withStore(settings, buildsToFollow)) ?? []) {
    console.say(`Generation ${number}, which is being built, is brought up to date too.`);
    const build = await runGeneration(
      host,
      // The requested run has already printed the answer.
      { ...console, answer: () => undefined },
      { ...settings, building: number },
      {
        request: { ...request, generation: number },
        fallback: null,
        // A build that is under way keeps its own cap.
        maxCostNanos: null,
        planAgain: true,
        progressFile: null,
        detach: false,
      },
    );
    worst = Math.max(worst, build);
  }
  return worst;
}
