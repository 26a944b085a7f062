import type { Dependencies, Log } from '../activities/dependencies.js';
import { openCatalog } from '../catalog/index.js';
import { required, type Settings } from '../config.js';
import { rateLimited } from '../embedding/errors.js';
import { createLimiter } from '../embedding/limiter.js';
import { createOpenRouter } from '../embedding/openrouter.js';
import { createPacer } from '../embedding/pacer.js';
import { createThrottle } from '../embedding/throttle.js';
import { openStore } from '../store/index.js';
import { isMissingFile } from '../store/url.js';

/** Opens what the activities work with. Throws a Fault for each setting that is missing or cannot be used. */
export async function openDependencies(
  settings: Settings,
  log: Log,
): Promise<Dependencies & { close(): Promise<void> }> {
  const { apiKey, catalogUrl, storeUrl } = required(settings, 'apiKey', 'storeUrl', 'catalogUrl');
  const { baseUrl, requestsPerMinute, tokensPerMinute, storeToken } = settings;
  const provider = createOpenRouter({ apiKey, baseUrl });
  const catalog = await openCatalog(catalogUrl);
  const isNew = isMissingFile(storeUrl);
  const token = storeToken !== null && { authToken: storeToken };
  const store = await openStore({ url: storeUrl, ownThread: true, ...token });
  // A run that goes on after its file was deleted has preflight behind it: nobody else would make the tables.
  if (isNew) await store.migrate();
  return {
    catalog,
    store,
    provider,
    limiter: createLimiter(settings.concurrency),
    pacer: createPacer({ requestsPerMinute, tokensPerMinute }),
    throttle: createThrottle({ refusal: rateLimited }),
    model: settings.model,
    dimensions: settings.dimensions,
    log,
    async close() {
      await catalog.close();
      await store.close();
    },
  };
}
