/**
 * `npm run bench:serve`: many searches of a process that lives for them: from memory, against the store's own answers, in
 * turns in one run, with four clients.
 *   npm run bench:serve                     100,000 samples of 1,536 numbers, texts in the demo's words
 *   npm run bench:serve -- --large          1,000,000: some 11 GB of disk, half an hour to make
 *   npm run bench:serve -- --folder F       keeps what was made there for the next time
 *   npm run bench:serve -- --without-store  does not ask the store itself, which at a million takes many seconds a search
 *   npm run bench:serve -- --recalled 8     so many queries are compared with every vector; default 20
 *   npm run bench:serve -- --url http://127.0.0.1:8787    a server of `embeddings serve` over that folder, by HTTP, besides
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '../dist/engines/libsql/index.js';
import { openSampleSearch } from '../dist/index.js';
import { GENRES } from '../dist/local/demo-catalog/genres.js';
import { contentHash } from '../dist/providers/fingerprint.js';
import { bytesOf, MODEL, makeLibrary, vectorsOf } from './serve/library.mjs';

const { values } = parseArgs({
  options: {
    large: { type: 'boolean', default: false },
    samples: { type: 'string' },
    dimensions: { type: 'string', default: '1536' },
    queries: { type: 'string', default: '40' },
    clients: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '2' },
    recalled: { type: 'string', default: '20' },
    'without-store': { type: 'boolean', default: false },
    folder: { type: 'string' },
    url: { type: 'string' },
  },
});
const samples = Number(values.samples ?? (values.large ? 1_000_000 : 100_000));
const dimensions = Number(values.dimensions);
const count = Number(values.queries);
const isLarge = samples > 500_000;
const log = (text) => console.log(text);
const mb = () => `${Math.round(process.memoryUsage().rss / 1e6)} MB`;
const percentile = (times, share) => [...times].sort((a, b) => a - b)[Math.floor(share * (times.length - 1))];

/** Danceability is spread evenly from 0 to 1 over the fifteen of sixteen samples that have an analysis. */
const FILTERS = {
  all: undefined,
  'fit 50 %': { danceability: { from: 0, to: 0.533 } },
  'fit 1 %': { danceability: { from: 0, to: 0.01 } },
};

const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'sample-embeddings-bench-serve-'));
mkdirSync(folder, { recursive: true });
try {
  const places = await makeLibrary(folder, { samples, dimensions, log });
  const queries = await boughtQueries(places);
  const connection = { ...places, model: MODEL, dimensions, indexFolder: folder };

  const begin = performance.now();
  const fast = await openSampleSearch(connection);
  await fast.search(queries[0].text);
  log(`first search after the start ${Math.round(performance.now() - begin)} ms (goal 1,000)`);
  await fast.ready();
  log(`in memory after ${((performance.now() - begin) / 1000).toFixed(1)} s, ${mb()}`);
  const slow = values['without-store'] ? null : await openSampleSearch({ ...connection, inMemory: false });
  await slow?.search(queries[0].text);
  const ways = { ...(slow !== null && { store: slow }), memory: fast };

  const [most, worst] = isLarge ? [300, Number.POSITIVE_INFINITY] : [60, 120];
  for (const [filtered, filter] of Object.entries(FILTERS))
    for (const mode of ['vector', 'text', 'hybrid']) {
      const times = { memory: [], store: [] };
      for (let round = 0; round < Number(values.rounds); round++)
        for (const [name, search] of Object.entries(ways))
          times[name].push(...(await timed(queries, (text) => search.search(text, { mode, filter }))));
      const [p50, p95] = [percentile(times.memory, 0.5), percentile(times.memory, 0.95)];
      const stores = percentile(times.store, 0.5);
      const compared =
        slow === null
          ? ''
          : `; ${(stores / p50).toFixed(1)} times as fast as the store (p50 ${stores.toFixed(1)} ms)`;
      log(
        `${p50 <= most && p95 <= worst ? 'ok    ' : 'MISSED'} ${mode.padEnd(6)} ${filtered.padEnd(10)} p50 ${p50.toFixed(1)} ms, ` +
          `p95 ${p95.toFixed(1)} ms${compared}`,
      );
    }
  for (const [filtered, filter] of Object.entries(Number(values.recalled) > 0 ? FILTERS : {})) {
    const asked = queries.slice(0, Number(values.recalled));
    const recall = await recallOf(fast, asked, { filter, ...places });
    log(`${recall >= 0.99 ? 'ok    ' : 'MISSED'} recall@10 ${filtered} ${recall.toFixed(4)} (goal 0.99)`);
  }
  if (values.url !== undefined)
    for (const mode of ['vector', 'text', 'hybrid']) {
      const times = await timed(queries, async (text) => {
        const answer = await fetch(
          `${values.url}/api/v1/search?${new URLSearchParams({ q: text, mode, limit: '10' })}`,
        );
        if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
        await answer.json();
      });
      log(
        `HTTP   ${mode} p50 ${percentile(times, 0.5).toFixed(1)} ms, p95 ${percentile(times, 0.95).toFixed(1)} ms`,
      );
    }
  log(`memory ${mb()} (goal 400 MB at 100,000)${slow === null ? '' : ', with both ways of searching open'}`);
  await fast.close();
  await slow?.close();
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}

/** Texts in the demo's words, whose vectors are kept as if they had been bought. */
async function boughtQueries({ storeUrl }) {
  const made = vectorsOf(dimensions);
  const store = await openStore({ url: storeUrl, ownThread: true });
  const found = [];
  for (let at = 0; at < count; at++) {
    const { name, moods, textures, instruments } = GENRES[at % GENRES.length];
    const pick = (list) => list[(7 * at) % list.length];
    const text = [
      `${pick(moods)} ${name}`,
      `a ${pick(textures)} ${name} loop`,
      `${pick(moods)} sound with ${pick(instruments)}`,
    ][at % 3];
    const vector = bytesOf(made());
    await store.cacheQuery(contentHash({ model: MODEL, dimensions, text, inputType: null }), MODEL, vector);
    found.push({ text, vector });
  }
  await store.close();
  return found;
}

/** As many clients as asked for, each with the next query. */
async function timed(queries, ask) {
  const times = [];
  let next = 0;
  const client = async () => {
    while (next < queries.length) {
      const { text } = queries[next++];
      const begin = performance.now();
      await ask(text);
      times.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: Number(values.clients) }, client));
  return times;
}

/** Against a comparison with every vector that fits. */
async function recallOf(search, queries, { storeUrl, catalogUrl, filter }) {
  const { openCatalog } = await import('../dist/sources/index.js');
  const store = await openStore({ url: storeUrl, ownThread: true });
  const catalog = await openCatalog(catalogUrl);
  const among = filter === undefined ? null : await catalog.findIds(filter);
  let hits = 0;
  let all = 0;
  for (const { text } of queries) {
    const vector = await store.cachedQuery(contentHash({ model: MODEL, dimensions, text, inputType: null }));
    const exact = await store.nearest({ model: MODEL, vector }, { limit: 10, candidates: null, among });
    const found = await search.search(text, { mode: 'vector', filter });
    hits += exact.filter(({ sampleId }) => found.some((hit) => hit.sample_id === sampleId)).length;
    all += exact.length;
  }
  await catalog.close();
  await store.close();
  return hits / all;
}
