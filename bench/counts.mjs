/**
 * `npm run bench:counts`: counts what a run of 1,000 samples does, independent of the machine's load: requests, rows
 * read from the catalog, statements of the store by verb and table, events of the history by type.
 *   npm run bench:counts -- --write     records them in bench/counts.json, with which `npm test` compares the product
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createDemoCatalog } from '../dist/local/demo-catalog/index.js';
import { Database } from '../dist/sqlite.js';
import { pipeline } from './pipeline.mjs';
import { startProvider } from './provider.mjs';

const SAMPLES = 1000;
/** Left out because they depend on time: how often a run is mirrored and shown, and the number of workflow tasks. */
const BY_THE_CLOCK = /embedding_runs|^workflowTask|^timer|^upsert|recordRun/;

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const home = mkdtempSync(join(tmpdir(), 'sample-embeddings-bench-counts-'));
const statements = {};
let rows = 0;

const count = (counts, name) => {
  counts[name] = (counts[name] ?? 0) + 1;
};
/** Returns the verb and the table of a statement, like `INSERT sample_embeddings`. */
function named(statement) {
  const sql = (typeof statement === 'string' ? statement : statement.sql).replaceAll(/\s+/g, ' ').trim();
  const [verb] = sql.split(' ', 1);
  const table = /\b(?:FROM|INTO|UPDATE|TABLE|INDEX)\s+(?:IF NOT EXISTS\s+)?"?(\w+)/i.exec(sql)?.[1] ?? '';
  return `${verb.toUpperCase()} ${table}`.trim();
}

// The store's thread receives its statements as messages. Messages to Temporal's threads have another form.
const { postMessage } = Worker.prototype;
Worker.prototype.postMessage = function (call, ...rest) {
  for (const each of call?.statements ?? [call?.statement]) if (each) count(statements, named(each));
  return postMessage.call(this, call, ...rest);
};
const readers = Object.getPrototypeOf(new Database(':memory:').prepare('SELECT 1'));
const { all } = readers;
readers.all = function (...args) {
  const found = all.apply(this, args);
  if (/from "?samples"?/i.test(this.source)) rows += found.length;
  return found;
};

/** Counts events by type, and those of activities by activity too. */
function eventsOf({ events }) {
  const names = new Map();
  const counts = {};
  for (const event of events ?? []) {
    const type = Object.keys(event).find((key) => key.endsWith('EventAttributes') && event[key] !== null);
    const attributes = event[type];
    if (attributes.activityType) names.set(String(event.eventId), attributes.activityType.name);
    const activity = names.get(String(attributes.scheduledEventId ?? event.eventId));
    count(counts, [type.replace(/EventAttributes$/, ''), activity].filter(Boolean).join(' '));
  }
  return counts;
}

const sorted = (counts) =>
  Object.fromEntries(
    Object.entries(counts)
      .filter(([name]) => !BY_THE_CLOCK.test(name))
      .sort(([a], [b]) => a.localeCompare(b)),
  );

const provider = await startProvider(0);
try {
  const catalog = join(home, 'catalog.db');
  await createDemoCatalog({ path: catalog, samples: SAMPLES });
  const passes = [];
  await pipeline({
    ...{ catalog, samples: SAMPLES, concurrency: 8, baseUrl: provider.baseUrl },
    ...{ store: `file:${join(home, 'store.db')}`, home: join(home, 'state') },
    /** Called after the first run, and after the run that finds nothing to do. */
    async after(handle) {
      const { requests } = await provider.totals();
      const history = await handle.fetchHistory();
      passes.push({ requests, rows, statements: sorted(statements), events: sorted(eventsOf(history)) });
      rows = 0;
      for (const name of Object.keys(statements)) delete statements[name];
    },
  });
  const [first, second] = passes;
  const counts = { first, again: { ...second, requests: second.requests - first.requests } };
  const text = `${JSON.stringify(counts, null, 2)}\n`;
  if (values.write) writeFileSync(new URL('counts.json', import.meta.url), text);
  console.log(text);
} finally {
  provider.stop();
  rmSync(home, { recursive: true, force: true });
}
process.exit(0);
