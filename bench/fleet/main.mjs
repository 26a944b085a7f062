/**
 * `npm run bench:fleet`: does a run use all running workers? One run over 1, 2, 4 and 8 workers, with a libSQL server
 * and a provider that shares no code with the product and counts the requests in flight.
 *   npm run bench:fleet -- --workers 1,2,4,8 --each 8 --latency 1000 --rounds 40
 * Linear means `workers × each` requests every `latency`. Rates are of the middle of a run, from 10 % to 90 % of its
 * requests: `bench` measures start and end.
 *   npm run bench:fleet -- --per-minute 600
 * states that limit once for three workers; one of them is killed and another one joins during the run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDemoCatalog } from '../../dist/local/demo-catalog/index.js';
import { startDevServer } from './dev-server.mjs';
import { startCountingProvider } from './provider.mjs';
import { openScene } from './scene.mjs';

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '1,2,4,8' },
    each: { type: 'string', default: '8' },
    run: { type: 'string', default: '' },
    latency: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '40' },
    batch: { type: 'string', default: '10' },
    'per-minute': { type: 'string', default: '' },
    minutes: { type: 'string', default: '3' },
  },
});
const each = Number(values.each);
const latencyMs = Number(values.latency);
const batch = Number(values.batch);
const runs = values.run === '' ? each : Number(values.run);
const GOAL = 0.95;

const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-fleet-'));
let held = true;
const say = (line, ok) => {
  console.log(`${ok === undefined ? '      ' : ok ? 'ok    ' : 'MISSED'} ${line}`);
  held &&= ok !== false;
};
const counts = values.workers.split(',').map(Number);
const server = await startDevServer(['limited', ...counts.map((count) => `w${count}`)]);

async function measured(name, { samples, limits, during = () => undefined, count, provider }) {
  const catalog = join(folder, `${name}.db`);
  await createDemoCatalog({ path: catalog, samples });
  const scene = await openScene({
    folder,
    address: server.address,
    namespace: name,
    catalog,
    baseUrl: provider.baseUrl,
    limits,
  });
  try {
    for (let worker = 0; worker < count; worker++) await scene.addWorker(each);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const over = during(scene);
    const said = await scene.run(['--all', '--concurrency', String(runs), '--batch-size', String(batch)]);
    await over;
    if (said.stored !== samples) throw new Error(`${said.state}: ${said.stored} of ${samples} stored`);
    return provider.counts();
  } finally {
    await scene.close();
    provider.stop();
  }
}

/** Returns requests a second in the middle of the run. */
function rateOf(taken) {
  const from = Math.floor(taken.length * 0.1);
  const to = Math.floor(taken.length * 0.9);
  return ((to - from) / (taken[to] - taken[from])) * 1000;
}

async function scaling() {
  for (const count of counts) {
    const provider = await startCountingProvider({ latencyMs });
    const slots = count * Math.min(each, runs);
    const { taken, most, twice } = await measured(`w${count}`, {
      samples: slots * Number(values.rounds) * batch,
      count,
      provider,
    });
    const ratio = rateOf(taken) / ((slots * 1000) / latencyMs);
    say(
      `${count} workers × ${Math.min(each, runs)}: ${rateOf(taken).toFixed(1)} requests/s, ${ratio.toFixed(2)} of linear (goal ${GOAL}), ${most} in flight at most (${slots} allowed), ${twice} texts twice`,
      ratio >= GOAL && most <= slots && twice === 0,
    );
  }
}

async function limited(perMinute) {
  const provider = await startCountingProvider({ latencyMs, perMinute });
  const minutes = Number(values.minutes);
  const { taken, refused } = await measured('limited', {
    samples: perMinute * minutes * batch,
    count: 3,
    provider,
    limits: { OPENROUTER_REQUESTS_PER_MINUTE: String(perMinute) },
    async during(scene) {
      await new Promise((resolve) => setTimeout(resolve, minutes * 20_000));
      scene.workers[0].kill('SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, minutes * 10_000));
      await scene.addWorker(each);
    },
  });
  const from = taken.findIndex((at) => at > taken[0] + 5000);
  const to = taken.findLastIndex((at) => at < taken.at(-1) - 5000);
  const delivered = ((to - from) / (taken[to] - taken[from])) * 60_000;
  say(
    `${perMinute} requests a minute, stated once for 3 workers, one killed, one joined: ${((delivered / perMinute) * 100).toFixed(1)} % delivered (goal 97), ${((refused / (taken.length + refused)) * 100).toFixed(2)} % refused (goal at most 1)`,
    delivered >= 0.97 * perMinute && refused <= 0.01 * (taken.length + refused),
  );
}

try {
  if (values['per-minute'] === '') await scaling();
  else await limited(Number(values['per-minute']));
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = held ? 0 : 1;
