import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCatalog } from './catalog.mjs';
import { productAt } from './product.mjs';
import { readBill } from './provider/bill.mjs';
import { startProvider } from './provider/start-provider.mjs';

/** A folder with a catalog, a provider that lies in `way`, and the product. `store`: default a file in the folder. */
export async function setSite({ samples, way, latencyMs, store, settings = {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-judge-'));
  const at = (name) => join(folder, name);
  const catalog = makeCatalog(at('catalog.db'), samples);
  const provider = await startProvider({ billFile: at('bill.jsonl'), way, latencyMs });
  const url = store ?? `file:${at('store.db')}`;
  const products = [];
  const product = (home, more = {}) => {
    const made = productAt({
      folder,
      home: at(home),
      baseUrl: provider.baseUrl,
      catalog: at('catalog.db'),
      store: url,
      more: { ...settings, ...more },
    });
    products.push(made);
    return made;
  };
  return {
    folder,
    catalogFile: at('catalog.db'),
    catalog,
    store: url,
    product,
    bill: () => readBill(at('bill.jsonl')),
    async close() {
      for (const each of products) each.end();
      await provider.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}
