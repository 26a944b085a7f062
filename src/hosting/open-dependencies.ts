import type { Dependencies, Log } from '../activities/dependencies.js';
import { required, type Settings } from '../config.js';
import { openStore } from '../engines/libsql/index.js';
import { isMissingFile } from '../engines/libsql/url.js';
import { rateLimited } from '../providers/errors/errors.js';
import { createOpenRouter } from '../providers/openrouter.js';
import { createLimiter } from '../providers/pacing/limiter.js';
import { createPacer } from '../providers/pacing/pacer.js';
import { createThrottle } from '../providers/pacing/throttle.js';
import { openCatalog } from '../sources/index.js';

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
