import { required, type Settings } from '../../config.js';
import { usageFault } from '../../fault.js';
import { withStore } from '../../hosting/existing-store.js';
import { activeSettings } from '../../hosting/generation-settings.js';
import { openCatalogReadOnly } from '../../hosting/open-parts.js';
import { collectReport } from '../../report/collect.js';
import type { ReportData } from '../../report/report-data.js';
import { ExitCode } from '../exit-codes.js';
import { HERE, type Site } from '../site.js';
import { createSteps } from './steps.js';
import { openPageOutput, type PageTarget, writePage } from './write-page.js';

/**
 * `embeddings report`: writes one page that needs no network, to a file or stdout. Only reads catalog and store. With
 * `--json` the figures are printed too.
 */
export async function report(
  host: NodeJS.Process,
  options: { out: string; json?: boolean },
  site: Site = HERE,
): Promise<number> {
  const { console, target } = openPageOutput(host, options, site);
  const settings = required(site.settings(), 'storeUrl', 'catalogUrl');
  const steps = createSteps(console);
  const { url, data } = await makeReport(settings, target, steps.progress).finally(steps.end);
  console.answer({ path: target, url, ...snake(data) });
  console.say(`The report: ${url}`);
  return ExitCode.Ok;
}

/** Makes the report; the demo uses this too. Throws a Fault if there is nothing to report. */
export async function makeReport(
  settings: Settings & { catalogUrl: string },
  target: PageTarget,
  progress: (what: string, share: number) => void,
): Promise<{ url: string; data: ReportData }> {
  const catalog = await openCatalogReadOnly(settings);
  try {
    const { generation: active } = await activeSettings(settings);
    const { number, recipe, dimensions } = active;
    const generation = { number, model: recipe.model, dimensions };
    const data = await withStore(settings, (store) =>
      collectReport({ store, catalog, generation, progress }),
    );
    if (data === null)
      throw usageFault(
        'there is nothing to report yet: the database of TURSO_DATABASE_URL does not exist; create it with embeddings --all',
      );
    return { url: writePage('report', data, target), data };
  } finally {
    await catalog.close();
  }
}

/** Converts keys to snake_case, as in all our JSON; money in nanodollars. */
function snake(value: unknown): Record<string, unknown> {
  const each = (one: unknown): unknown =>
    Array.isArray(one) ? one.map(each) : one !== null && typeof one === 'object' ? snake(one) : one;
  return Object.fromEntries(
    Object.entries(value as object).map(([key, one]) => [
      key.replace(/Nanos$/, 'Nanodollars').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      each(one),
    ]),
  );
}
