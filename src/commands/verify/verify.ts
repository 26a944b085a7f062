import { required } from '../../config.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { updateFolderIndex } from '../scan/update-folder-index.js';
import { HERE, type Site } from '../site.js';
import { createJsonReport } from './verify-json.js';
import { showReport } from './verify-report.js';
import { verifyWithProgress } from './verify-with-progress.js';

export interface VerifyOptions {
  repair?: boolean;
  yes?: boolean;
  json?: boolean;
}

/**
 * `embeddings verify`: exit 0 if all is well, 1 if there are problems. Samples that are not stored yet are counted, but
 * are no problem: they are work that remains, which `status` reports. Writes nothing without `--repair`.
 */
export async function verify(
  host: NodeJS.Process,
  options: VerifyOptions,
  site: Site = HERE,
): Promise<number> {
  const console = createConsole(host, options.json === true, site.words);
  const settings = required(site.settings(), 'storeUrl', 'catalogUrl');
  // Updates the index first: files that it does not list yet would seem to be gone.
  await updateFolderIndex(console, settings);
  if (options.repair === true) {
    const { verifyAndRepair } = await import('./verify-repair.js');
    return verifyAndRepair(host, console, settings, options.yes === true);
  }
  const json = console.json ? createJsonReport(console.stdout) : null;
  const { report, shown } = await verifyWithProgress(
    host,
    console,
    settings,
    json === null ? {} : { problem: json.problem },
  );
  json?.end(report);
  showReport(console, report, shown);
  if (report.problems > 0 && !console.json)
    console.say('Repair what can be repaired: embeddings verify --repair');
  return report.problems > 0 ? ExitCode.SomeFailed : ExitCode.Ok;
}
