/**
 * `npm run bench:far`: the pipeline against a loop written by hand, with a libSQL server at a long network distance.
 *   npm run bench:far -- --round-trip 100 --latency 400 --concurrency 32 --samples 20000 --rounds 3
 * The loop runs with one connection and with four; the better one counts. All take turns, and the median counts.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createDemoCatalog } from '../../dist/local/demo-catalog/index.js';
import { handLoop } from '../hand-loop.mjs';
import { pipeline } from '../pipeline.mjs';
import { startProvider } from '../provider.mjs';
import { startSqld } from '../sqld.mjs';

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '20000' },
    latency: { type: 'string', default: '400' },
    'round-trip': { type: 'string', default: '100' },
    concurrency: { type: 'string', default: '32' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '1,4' },
    only: { type: 'string', default: '' },
  },
});
const samples = Number(values.samples);
const concurrency = Number(values.concurrency);
const latency = Number(values.latency);
const GOAL = 0.9;
const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-far-'));
const catalog = join(folder, 'catalog.db');
const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];

/** Starts a libSQL server and the delaying connection to it. */
async function far(name) {
  const sqld = await startSqld(join(folder, name));
  const way = spawn(
    process.execPath,
    [fileURLToPath(new URL('delay.mjs', import.meta.url)), sqld.port, Number(values['round-trip']) / 2],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [own] = await once(createInterface({ input: way.stdout }), 'line');
  return {
    url: `http://127.0.0.1:${own}`,
    async close() {
      way.kill();
      await sqld.stop();
      rmSync(join(folder, name), { recursive: true, force: true });
    },
  };
}

const contenders = [
  ...values.connections.split(',').map((connections) => ({
    name: `hand-written, ${connections} connections`,
    hand: true,
    run: (task) => handLoop({ ...task, connections: Number(connections) }),
  })),
  { name: 'the pipeline', run: async (task) => (await pipeline({ ...task, again: false })).rate },
].filter(({ hand }) => values.only === '' || (values.only === 'hand') === (hand === true));
try {
  await createDemoCatalog({ path: catalog, samples });
  console.log(
    `${samples} samples, ${latency} ms a request, ${concurrency} in flight, the store ${values['round-trip']} ms away`,
  );
  const rates = contenders.map(() => []);
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [at, { run }] of contenders.entries()) {
      const provider = await startProvider(latency, ['--no-cache']);
      const store = await far(`${at}-${round}`);
      const home = join(folder, `home-${at}-${round}`);
      rates[at].push(
        await run({ catalog, baseUrl: provider.baseUrl, store: store.url, home, concurrency, samples }),
      );
      await store.close();
      provider.stop();
    }
  for (const [at, { name }] of contenders.entries())
    console.log(
      `${name}: ${median(rates[at]).toFixed(0)}/s (${rates[at].map((rate) => rate.toFixed(0)).join(', ')})`,
    );
  if (values.only === '') {
    const best = Math.max(...rates.slice(0, -1).map(median));
    const ratio = median(rates.at(-1)) / best;
    console.log(`the pipeline is ${ratio.toFixed(2)} of the better loop (goal ${GOAL})`);
    process.exitCode = ratio >= GOAL ? 0 : 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
