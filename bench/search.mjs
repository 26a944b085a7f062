/**
 * `npm run bench:search`: compares search over many stored vectors with ORDER BY vector_distance_cos over the table, on
 * the same file and in one run.
 *   npm run bench:search -- --vectors 100000 --dimensions 1536
 * The vectors are synthetic: clusters with a large common part (as from real models), and noise. Recall is measured
 * against the exact ten.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '../dist/engines/libsql/index.js';
import { nearestTo } from '../dist/search/rank.js';

const { values } = parseArgs({
  options: {
    vectors: { type: 'string', default: '100000' },
    dimensions: { type: 'string', default: '1536' },
    queries: { type: 'string', default: '40' },
    clusters: { type: 'string', default: '200' },
  },
});
const count = Number(values.vectors);
const dimensions = Number(values.dimensions);
const model = 'bench/search';

let state = 1;
const uniform = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};
const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
const direction = () => Float32Array.from({ length: dimensions }, normal);
/** The common part of all vectors, as in vectors of real models. */
const common = direction();
const centres = Array.from({ length: Number(values.clusters) }, direction);
const made = () => {
  const centre = centres[Math.floor(uniform() * centres.length)];
  return Float32Array.from({ length: dimensions }, (_, at) => common[at] + 0.8 * centre[at] + 0.8 * normal());
};
const bytes = (vector) => new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
const percentile = (times, share) => [...times].sort((a, b) => a - b)[Math.floor(share * (times.length - 1))];

const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-bench-search-'));
const store = await openStore({ url: `file:${join(folder, 'store.db')}` });
try {
  await store.migrate();
  const fence = await store.fence();
  let writing = 0;
  for (let from = 0; from < count; from += 500) {
    const vectors = Array.from({ length: Math.min(500, count - from) }, (_, at) => ({
      sampleId: from + at + 1,
      text: `Title: ${from + at}`,
      contentHash: String(from + at),
      vector: bytes(made()),
    }));
    const rest = { fence, copies: [], failures: [], settlements: [], notedDelta: 0 };
    const begin = performance.now();
    await store.commit({ runId: 'b', batchId: 'b', model, runStartedAt: '2026-01-01', vectors, ...rest });
    writing += performance.now() - begin;
  }
  console.log(
    `${count} vectors of ${dimensions} numbers, stored at ${Math.round((1000 * count) / writing)}/s`,
  );
  const queries = Array.from({ length: Number(values.queries) }, () => ({ model, vector: bytes(made()) }));
  const ranking = { limit: 10, among: null, rows: count };
  const timed = async (ask) => {
    const times = [];
    const found = [];
    for (const query of queries) {
      const begin = performance.now();
      found.push((await ask(query)).map(({ sampleId }) => sampleId));
      times.push(performance.now() - begin);
    }
    return { times, found };
  };
  await timed((query) => nearestTo(store, query, ranking));
  const ours = await timed((query) => nearestTo(store, query, ranking));
  const table = await timed((query) => store.nearest(query, { limit: 10, candidates: null, among: null }));
  const hits = ours.found.map((ids, at) => ids.filter((id) => table.found[at].includes(id)).length);
  const recall = hits.reduce((sum, n) => sum + n, 0) / (10 * queries.length);
  const p50 = percentile(ours.times, 0.5);
  const ratio = percentile(table.times, 0.5) / p50;
  const line = (ok, text) => console.log(`${ok ? 'ok    ' : 'MISSED'} ${text}`);
  line(p50 < 100, `p50 ${p50.toFixed(1)} ms, p95 ${percentile(ours.times, 0.95).toFixed(1)} ms (goal 100)`);
  line(ratio >= 8, `${ratio.toFixed(1)} times as fast as the whole table (goal 8)`);
  line(recall >= 0.99, `recall@10 ${recall.toFixed(4)} (goal 0.99)`);
} finally {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}
