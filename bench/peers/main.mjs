/**
 * `npm run bench:peers`: compares the alternatives in one run: same provider, same samples, same texts.
 *   npm run bench:peers -- --samples 50000 --latency 0,50,150 --rounds 3 --json results.json
 *   npm run bench:peers -- --only ours,bare-loop,langchain --latency 50 --faults kill
 * Each contender is a separate process with its defaults. Speed is measured first, one contender after the other; then
 * faults at 50 ms, all at once, since these only count results and mostly wait. See README.md here.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDemoCatalog } from '../../dist/local/demo-catalog/index.js';
import { CONTENDERS } from './contenders/index.mjs';
import { FAULTS, fault } from './faults.mjs';
import { goals } from './goals.mjs';
import { install, versions } from './install.mjs';
import { faultTable, goalTable, speedTable } from './report.mjs';
import { speed } from './speed.mjs';

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '50000' },
    latency: { type: 'string', default: '0,50,150' },
    faults: { type: 'string', default: Object.keys(FAULTS).join() },
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    concurrency: { type: 'string', default: '8' },
    json: { type: 'string' },
  },
});
const list = (text) => text.split(',').filter(Boolean);
const wrong = (what, names, known) => {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  console.error(`--${what}: no ${unknown}; there are ${known.join(', ')}`);
  process.exit(2);
};
const only = values.only === undefined ? CONTENDERS.map(({ name }) => name) : list(values.only);
wrong(
  'only',
  only,
  CONTENDERS.map(({ name }) => name),
);
wrong('faults', list(values.faults), Object.keys(FAULTS));
const contenders = CONTENDERS.filter(({ name }) => only.includes(name));
const samples = Number(values.samples);
const concurrency = Number(values.concurrency);
/** Returns the load. On a machine that is also used otherwise, only ratios within one run are meaningful. */
const busy = () => `load ${loadavg()[0].toFixed(1)}`;
const tell = (line) => process.stderr.write(`${line}\n`);

const missing = install();
if (missing !== null) tell(`the peers could not be installed: ${missing}`);
const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-peers-'));
const results = { speeds: [], faults: [] };
try {
  const catalog = join(folder, 'catalog.db');
  await createDemoCatalog({ path: catalog, samples });
  console.log(
    `${samples} samples, ${concurrency} requests in flight (ours, bare loop), ${values.rounds} rounds; ` +
      `${cpus().length} cores, ${busy()}, Node ${process.versions.node}\n${versions()}`,
  );
  for (const latency of list(values.latency).map(Number)) {
    const rounds = Number(values.rounds);
    const at = await speed({ latency, contenders, rounds, samples, concurrency, catalog, folder, tell });
    results.speeds.push(at);
    console.log(`\n${speedTable(at)}`);
  }
  for (const kind of list(values.faults)) {
    tell(`${kind}: all at once`);
    const rows = await Promise.all(
      contenders
        .filter(({ faulty }) => faulty !== null)
        .map((contender) =>
          fault(kind, contender, { concurrency, folder }).catch(({ message }) => ({
            kind,
            name: contender.name,
            title: contender.title,
            error: message,
          })),
        ),
    );
    results.faults.push(...rows);
    console.log(`\n${faultTable(kind, rows)}`);
  }
  console.log(`\n${busy()} at the end`);
  const reached = goals(results);
  console.log(`\n${goalTable(reached)}`);
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ ...results, goals: reached }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 });
}
process.exit(0);
