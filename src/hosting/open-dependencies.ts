import type { Dependencies, Log } from '../activities/dependencies.js';
import { documentForm } from '../collections/document-form.js';
import { recipeOf, textOfTemplate } from '../collections/recipe.js';
import { required, type Settings } from '../config.js';
import { isMissingFile } from '../engines/libsql/url.js';
import { rateLimited } from '../providers/errors/errors.js';
import { createLimiter } from '../providers/pacing/limiter.js';
import { createPacer } from '../providers/pacing/pacer.js';
import { createThrottle } from '../providers/pacing/throttle.js';
import { openCatalogOf, openProvider } from './open-parts.js';
import { openStoreOf } from './open-store.js';
import { tracedStore } from './traced.js';

/** Opens what the activities work with. Throws a Fault for each setting that is missing or cannot be used. */
export async function openDependencies(
  settings: Settings,
  log: Log,
): Promise<Dependencies & { close(): Promise<void> }> {
  const { apiKey, catalogUrl, storeUrl } = required(settings, 'apiKey', 'storeUrl', 'catalogUrl');
  const { requestsPerMinute, tokensPerMinute } = settings;
  const provider = openProvider({ ...settings, apiKey }, 'document');
  const isNew = isMissingFile(storeUrl);
  const store = tracedStore(await openStoreOf({ ...settings, storeUrl }, { ownThread: true }));
  const catalog = await openCatalogOf({ ...settings, catalogUrl }, store);
  // A run that goes on after its store's file was deleted has passed preflight, so nothing else would create the
  // tables.
  if (isNew) await store.migrate();
  return {
    catalog,
    store,
    provider,
    limiter: createLimiter(settings.concurrency),
    pacer: createPacer({ requestsPerMinute, tokensPerMinute, book: (uses) => store.bookSending(uses) }),
    throttle: createThrottle({ refusal: rateLimited }),
    form: documentForm(settings.collection),
    recipe: recipeOf(settings.collection),
    textOf: (template) => textOfTemplate(settings.collection, template),
    log,
    async close() {
      await catalog.close();
      await store.close();
    },
  };
}
