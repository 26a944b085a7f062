import { required, type Settings } from '../../config.js';
import { lineOfGeneration } from '../../domain/choose-generation.js';
import type { MapPage } from '../../map/map-data.js';
import { packMap } from '../../map/pack-map.js';
import { count } from '../../terminal/format.js';
import { ExitCode } from '../exit-codes.js';
import { HERE, type Site } from '../site.js';
import { mapOf } from './collect-map.js';
import { createSteps } from './steps.js';
import { openPageOutput, type PageTarget, writePage } from './write-page.js';

/** `embeddings map`: writes one page that needs no network, to a file or stdout. Only reads catalog and store. */
export async function map(
  host: NodeJS.Process,
  options: { out: string; json?: boolean },
  site: Site = HERE,
): Promise<number> {
  const { console, target } = openPageOutput(host, options, site);
  const settings = required(site.settings(), 'storeUrl', 'catalogUrl');
  const steps = createSteps(console);
  const { url, samples } = await makeMap(settings, target, steps.progress).finally(steps.end);
  console.answer({ path: target, url, samples });
  console.say(`The map of ${count(samples)} samples: ${url}`);
  return ExitCode.Ok;
}

/** Makes the map; the demo uses this too. Throws a Fault if nothing is stored. */
export async function makeMap(
  settings: Settings,
  target: PageTarget,
  progress: (what: string, share: number) => void,
): Promise<{ url: string; samples: number }> {
  const { data, generation } = await mapOf(settings, progress);
  const page: MapPage = { ...packMap(data), generation: lineOfGeneration(generation) };
  return { url: writePage('map', page, target), samples: data.ids.length };
}
