/**
 * `npm run bench:rerun`: a run that finds nothing to do over a very large catalog, in one-command mode.
 *   npm run bench:rerun -- --samples 10000000 --small 1000000
 * Texts and vectors are short, so that ten million samples fit on a disk. This script fills the store itself.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadSettings } from '../../dist/config.js';
import { renderSample } from '../../dist/domain/samples.js';
import { openDependencies } from '../../dist/hosting/open-dependencies.js';
import { Database } from '../../dist/sqlite.js';
import { startProvider } from '../provider.mjs';
import { watchPeak } from './watch.mjs';

const CLIENT = fileURLToPath(new URL('../../dist/client.js', import.meta.url));
const DIMENSIONS = 8;
const GOAL = 1.15;
const silent = { info() {}, warn() {}, error() {} };
const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '10000000' },
    small: { type: 'string', default: '1000000' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-rerun-'));
const provider = await startProvider(0);

function environment(samples) {
  const home = join(folder, String(samples));
  return {
    EMBEDDINGS_HOME: home,
    OPENROUTER_API_KEY: 'bench',
    OPENROUTER_BASE_URL: provider.baseUrl,
    EMBEDDING_DIMENSIONS: String(DIMENSIONS),
    DATABASE_URL: `${home}-catalog.db`,
    TURSO_DATABASE_URL: `file:${home}-store.db`,
  };
}

/** Runs the command. Returns its JSON output, its seconds and its peak memory. */
async function command(env, ...args) {
  const begin = performance.now();
  const child = spawn(process.execPath, [CLIENT, ...args, '--json'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const watching = watchPeak(child.pid);
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const peak = await watching.stop();
  return { said: JSON.parse(said), seconds: (performance.now() - begin) / 1000, peak };
}

function createCatalog(path, samples) {
  const db = new Database(path);
  db.pragma('journal_mode = OFF');
  db.exec('CREATE TABLE samples (id INTEGER PRIMARY KEY, title TEXT NOT NULL, genre TEXT, bpm REAL)');
  db.prepare(
    `WITH RECURSIVE ids (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < ?)
      INSERT INTO samples SELECT id, 'Loop ' || id, 'genre ' || id % 40, 60 + id % 120 FROM ids`,
  ).run(samples);
  db.close();
}

/** Creates a store in which each sample has the row that a run would have written. */
async function fill(env) {
  await command(env, '--sample-ids', '1');
  const settings = loadSettings({ ...process.env, ...env });
  const { catalog, form, close } = await openDependencies(settings, silent);
  const db = new Database(env.TURSO_DATABASE_URL.slice('file:'.length));
  // Durability is not needed: after a crash the store would be deleted.
  db.pragma('synchronous = OFF');
  const insert = db.prepare(
    `INSERT OR IGNORE INTO sample_embeddings (sample_id, vibe_vector, embedding_source, content_hash, model, run_id)
      VALUES (?, ?, ?, ?, ?, 'by-hand')`,
  );
  const vector = Buffer.from(new Float32Array(DIMENSIONS).fill(0.35).buffer);
  const enter = db.transaction((samples) => {
    for (const { id, text: source, hash } of samples) insert.run(id, vector, source, hash, settings.model);
  });
  for (let after = null; ; ) {
    const rows = await catalog.readPage({ after, limit: 10_000 });
    if (rows.length === 0) break;
    enter(rows.map((row) => renderSample(row, { model: settings.model, dimensions: DIMENSIONS }, form)));
    after = rows.at(-1).id;
  }
  db.close();
  await close();
}

async function measured(samples) {
  const env = environment(samples);
  createCatalog(env.DATABASE_URL, samples);
  await fill(env);
  const { said, seconds, peak } = await command(env, '--all');
  if (said.unchanged !== samples) throw new Error(`not ${samples} unchanged: ${JSON.stringify(said)}`);
  console.log(
    `${samples} samples, nothing to do: ${seconds.toFixed(0)} s, ${(samples / seconds).toFixed(0)}/s, ` +
      `the worker's peak ${Math.round(peak / 2 ** 20)} MB`,
  );
  return peak;
}

try {
  const small = await measured(Number(values.small));
  const large = await measured(Number(values.samples));
  const ratio = large / small;
  console.log(`the peak is ${ratio.toFixed(2)} of that at ${values.small} (goal ${GOAL})`);
  process.exitCode = ratio <= GOAL ? 0 : 1;
} finally {
  provider.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 });
}
process.exit();
