/**
 * `npm run bench:scale`: runs a large catalog through the real workflow, in one-command mode.
 *   npm run bench:scale -- --samples 1000000 --small 100000
 * A run over `--small` samples, to measure its memory; a run over `--samples`, killed with SIGKILL half-way and started
 * again; a run after 1 % of the titles were edited. A million samples take about 7 GB of disk.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createDemoCatalog } from '../../dist/local/demo-catalog/index.js';
import { Database } from '../../dist/sqlite.js';
import { startProvider } from '../provider.mjs';
import { histories } from './history.mjs';
import { watch } from './watch.mjs';

const CLIENT = fileURLToPath(new URL('../../dist/client.js', import.meta.url));
const BATCH = 100;
const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '1000000' },
    small: { type: 'string', default: '100000' },
    latency: { type: 'string', default: '50' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-scale-'));
const mb = (bytes) => `${Math.round(bytes / 2 ** 20)} MB`;
let held = true;
const say = (line, ok) => {
  console.log(`${ok === undefined ? '      ' : ok ? 'ok    ' : 'MISSED'} ${line}`);
  held &&= ok !== false;
};

/** Creates a catalog with `samples` samples, and returns how to run the command over it. */
async function scene(samples) {
  const home = join(folder, String(samples));
  const catalog = `${home}-catalog.db`;
  await createDemoCatalog({ path: catalog, samples });
  const provider = await startProvider(Number(values.latency));
  const env = {
    EMBEDDINGS_HOME: home,
    OPENROUTER_API_KEY: 'bench',
    OPENROUTER_BASE_URL: provider.baseUrl,
    DATABASE_URL: catalog,
    TURSO_DATABASE_URL: `file:${home}-store.db`,
  };
  const start = () => {
    const child = spawn(process.execPath, [CLIENT, '--all', '--json'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = Promise.all([text(child.stdout), once(child, 'close')]).then(([said]) => said);
    return { child, ended };
  };
  return { samples, catalog, provider, env, start };
}

async function whole({ samples, provider, start }) {
  const { child, ended } = start();
  const watching = watch({ pid: child.pid, provider, samples });
  const begin = performance.now();
  const said = JSON.parse(await ended);
  const seconds = (performance.now() - begin) / 1000;
  if (said.stored !== samples) throw new Error(`${said.state}: ${said.stored} of ${samples} stored`);
  return { seconds, ...(await watching.stop()) };
}

try {
  const small = await scene(Number(values.small));
  const before = await whole(small);
  small.provider.stop();
  say(`${small.samples} samples: ${before.seconds.toFixed(0)} s, the worker's peak ${mb(before.peak)}`);

  const large = await scene(Number(values.samples));
  const { samples, provider, start } = large;
  const first = start();
  const firstWatch = watch({ pid: first.child.pid, provider, samples });
  while ((await provider.totals()).inputs < samples / 2) await wait(50);
  first.child.kill('SIGKILL');
  await first.ended;
  const half = await firstWatch.stop();
  const { inputs: atKill } = await provider.totals();
  const second = start();
  const secondWatch = watch({ pid: second.child.pid, provider, samples, from: atKill });
  const begin = performance.now();
  const said = JSON.parse(await second.ended);
  const rest = await secondWatch.stop();
  if (said.stored !== samples) throw new Error(`${said.state}: ${said.stored} of ${samples} stored`);
  const bill = await provider.totals();
  const peak = Math.max(half.peak, rest.peak);
  say(
    `${samples} samples, killed at ${atKill}: the rest in ${((performance.now() - begin) / 1000).toFixed(0)} s`,
  );
  say(
    `bought twice ${bill.boughtTwice} (in flight at most ${3 * 8 * BATCH})`,
    bill.boughtTwice <= 3 * 8 * BATCH,
  );
  say(
    `the worker's peak ${mb(peak)}, ${(peak / before.peak).toFixed(2)} of that at ${small.samples} (goal 1.15)`,
    peak <= 1.15 * before.peak,
  );
  // The first tenth of each process includes its start-up, so the second tenth gives the early speed.
  const early = half.tenths[1];
  const late = rest.tenths[3];
  say(
    `seconds for a tenth: ${[...half.tenths, ...rest.tenths].map((each) => each.toFixed(1)).join(', ')}; ` +
      `late speed ${(early / late).toFixed(2)} of early (goal 0.9)`,
    early / late >= 0.9,
  );
  const { executions, events, bytes, payload } = await histories(large.env);
  say(
    `${executions} executions, the longest history ${events} events and ${mb(bytes)}, the largest payload ${payload} bytes`,
    events < 10_000 && payload < 256 * 1024,
  );

  const edit = new Database(large.catalog);
  edit.prepare("UPDATE samples SET title = title || ' (edit)' WHERE id % 100 = 7").run();
  const edited = edit.prepare('SELECT COUNT(*) FROM samples WHERE id % 100 = 7').pluck().get();
  edit.close();
  const { requests } = await provider.totals();
  const again = start();
  const began = performance.now();
  const third = JSON.parse(await again.ended);
  const sent = (await provider.totals()).requests - requests;
  say(
    `${edited} edited: ${third.stored} stored with ${sent} requests (full batches: ${Math.ceil(edited / BATCH)}) in ` +
      `${((performance.now() - began) / 1000).toFixed(0)} s`,
    third.stored === edited && sent === Math.ceil(edited / BATCH),
  );
  provider.stop();
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 });
}
process.exit(held ? 0 : 1);
