import { renderSample } from '../dist/domain/samples.js';
import { openStore } from '../dist/engines/libsql/index.js';
import { createOpenRouter } from '../dist/providers/openrouter.js';
import { openCatalog } from '../dist/sources/index.js';
import { LIBRARY_FORM } from './library-form.mjs';

const MODEL = 'openai/text-embedding-3-small';
const DIMENSIONS = 1536;

/**
 * Returns the samples a second of a loop that reads, hashes, sends and stores, `concurrency` batches at a time. The
 * hooks `before` and `after` the loop are for measurements from outside.
 */
export async function bareLoop({
  catalog: url,
  baseUrl,
  store: storeUrl,
  concurrency,
  samples,
  before = () => undefined,
  after: over = () => undefined,
}) {
  const catalog = await openCatalog(url);
  const store = await openStore({ url: storeUrl });
  await store.migrate();
  const provider = createOpenRouter({ apiKey: 'bench', baseUrl });
  const fence = await store.fence();
  let after = null;
  let reading = Promise.resolve();
  const next = () => {
    reading = reading.then(async () => {
      const rows = await catalog.readPage({ after, limit: 100 });
      after = rows.at(-1)?.id ?? after;
      return rows;
    });
    return reading;
  };
  await before();
  const startedAt = new Date().toISOString();
  const begin = performance.now();
  const one = async () => {
    for (let rows = await next(); rows.length > 0; rows = await next()) {
      const batch = rows.map((row) =>
        renderSample(row, { model: MODEL, dimensions: DIMENSIONS }, LIBRARY_FORM),
      );
      const texts = batch.map((sample) => sample.text);
      const { vectors } = await provider.embed({
        model: MODEL,
        dimensions: DIMENSIONS,
        texts,
        subject: 'bench',
      });
      await store.commit({
        runId: 'bench',
        batchId: String(rows[0].id),
        fence,
        model: MODEL,
        runStartedAt: startedAt,
        vectors: batch.map((s, index) => ({
          sampleId: s.id,
          text: s.text,
          contentHash: s.hash,
          vector: vectors[index],
        })),
        copies: [],
        failures: [],
        settlements: [],
        notedDelta: 0,
      });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  const seconds = (performance.now() - begin) / 1000;
  await over();
  const stored = await store.countVectors();
  if (stored !== samples) throw new Error(`the bare loop stored ${stored} of ${samples}`);
  await store.close();
  await catalog.close();
  return samples / seconds;
}
