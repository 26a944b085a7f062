import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { libraryText } from '../../dist/collections/library-text.js';
import { openStore } from '../../dist/engines/libsql/index.js';
import { createDemoCatalog, demoSamples } from '../../dist/local/demo-catalog/index.js';

export const MODEL = 'bench/serve';

/** The same vectors for the same seed: clusters with much in common (as real models give), and noise. */
export function vectorsOf(dimensions, { clusters = 200, seed = 1 } = {}) {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  // A sum of four is normal enough, and ten times as quick as logarithms.
  const normal = () => (uniform() + uniform() + uniform() + uniform() - 2) * 1.732;
  const direction = () => Float32Array.from({ length: dimensions }, normal);
  const common = direction();
  const centres = Array.from({ length: clusters }, direction);
  return () => {
    const centre = centres[Math.floor(uniform() * centres.length)];
    return Float32Array.from(
      { length: dimensions },
      (_, at) => common[at] + 0.8 * centre[at] + 0.8 * normal(),
    );
  };
}

export const bytesOf = (vector) => new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);

/** A demo catalog and a store with its texts and made vectors; what is in the folder already is used again. */
export async function makeLibrary(folder, { samples, dimensions, log }) {
  const catalogPath = join(folder, 'catalog.db');
  const storeUrl = `file:${join(folder, 'store.db')}`;
  const made = vectorsOf(dimensions);
  if (!existsSync(catalogPath)) await createDemoCatalog({ path: catalogPath, samples });
  const store = await openStore({ url: storeUrl, ownThread: true });
  try {
    await store.migrate();
    if ((await store.countVectors()) < samples) {
      const rest = { copies: [], failures: [], settlements: [], notedDelta: 0 };
      const fence = await store.fence();
      const begin = performance.now();
      let batch = [];
      let stored = 0;
      const flush = async () => {
        const run = { runId: 'bench', batchId: String(stored), model: MODEL, runStartedAt: '2026-01-01' };
        await store.commit({ ...run, vectors: batch, fence, ...rest });
        stored += batch.length;
        batch = [];
        if (stored % 50_000 === 0) log(`${stored} of ${samples} stored`);
      };
      for (const { sample, analysis } of demoSamples({ samples })) {
        const { text } = libraryText.render({ ...sample, ...analysis, id: sample.id });
        batch.push({ sampleId: sample.id, text, contentHash: String(sample.id), vector: bytesOf(made()) });
        if (batch.length === 500) await flush();
      }
      if (batch.length > 0) await flush();
      log(
        `${samples} samples of ${dimensions} numbers stored at ${Math.round((1000 * samples) / (performance.now() - begin))}/s`,
      );
    }
  } finally {
    await store.close();
  }
  return { storeUrl, catalogUrl: `sqlite:///${catalogPath}` };
}
