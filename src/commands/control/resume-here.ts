import type { Settings } from '../../config.js';
import { noRun } from '../../hosting/no-run.js';
import { hasHistory } from '../../hosting/reach-run.js';
import type { Console } from '../console.js';
import { checkBeforehand } from '../generate/generate.js';
import { runGeneration } from '../generate/run-generation.js';

/** Continues the open run to its end, with this command as its worker. Throws a Fault if there is no open run. */
export async function resumeHere(
  host: NodeJS.Process,
  console: Console,
  settings: Settings,
  maxCostNanos: number | null,
): Promise<number> {
  if (!hasHistory(settings)) throw await noRun(settings);
  await checkBeforehand(settings, console.say);
  return runGeneration(host, console, settings, {
    request: null,
    fallback: null,
    maxCostNanos,
    progressFile: null,
    detach: false,
  });
}
