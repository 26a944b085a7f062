import { required, type Settings } from '../../config.js';
import { usageFault } from '../../fault.js';
import { withStore } from '../../hosting/existing-store.js';
import { lookAtCatalog } from '../../hosting/open-parts.js';
import { collectMap } from '../../map/collect.js';
import { packMap } from '../../map/pack-map.js';
import { count } from '../../terminal/format.js';
import { ExitCode } from '../exit-codes.js';
import { HERE, type Site } from '../site.js';
import { createSteps } from './steps.js';
import { openOut, type PageTarget, writePage } from './write-page.js';

/** `embeddings map`: reads only, and writes one page that needs no network, to a file or stdout. */
export async function map(
  host: NodeJS.Process,
  options: { out: string; json?: boolean },
  site: Site = HERE,
): Promise<number> {
  const { console, target } = openOut(host, options, site);
  const settings = required(site.settings(), 'storeUrl', 'catalogUrl');
  const steps = createSteps(console);
  const { url, samples } = await makeMap(settings, target, steps.progress).finally(steps.end);
  console.answer({ path: target, url, samples });
  console.say(`The map of ${count(samples)} samples: ${url}`);
  return ExitCode.Ok;
}

/** Also for the demo. A Fault where nothing is stored. */
export async function makeMap(
  settings: Settings & { catalogUrl: string },
  target: PageTarget,
  progress: (what: string, share: number) => void,
): Promise<{ url: string; samples: number }> {
  const catalog = await lookAtCatalog(settings);
  try {
    const { dimensions, collection } = settings;
    const [title] = collection.shown;
    const data = await withStore(settings, (store) =>
      collectMap({ store, catalog, dimensions, progress, ...(title !== undefined && { title }) }),
    );
    if (data === null)
      throw usageFault(
        'there is nothing to draw yet: TURSO_DATABASE_URL is not there; make it with embeddings --all',
      );
    return { url: writePage('map', packMap(data), target), samples: data.ids.length };
  } finally {
    await catalog.close();
  }
}
