import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createDemoCatalog } from '../../../dist/local/demo-catalog/index.js';
import { firstFree } from '../../../dist/local/temporal/ports.js';
import { Database } from '../../../dist/sqlite.js';
import { sqldArguments, sqldProgram } from '../../support/sqld-program.mjs';
import { createPart } from './part.mjs';
import { temporalOf } from './temporal.mjs';

const dist = (path) => fileURLToPath(new URL(`../../../dist/${path}`, import.meta.url));
/** The provider always refuses texts with this word. */
export const POISON = 'POISONED-TEXT';
/** Environment variables of the developer that are not passed to the storm. */
const SETTINGS =
  /^(OPENROUTER|TURSO|DATABASE_URL|EMBEDDING|TEMPORAL|BATCH_SIZE|MAX_RETRIES|CONCURRENCY|LOG_LEVEL)/;

/** Sets up the catalog with poison, the provider, sqld and the product's processes; starts only provider and sqld. */
export async function setStage({ samples, shared, poison, random, cache, batchSize, concurrency }) {
  const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-storm-'));
  const at = (...names) => join(folder, ...names);
  for (const name of ['output', 'data']) mkdirSync(at(name));
  const catalog = at('catalog.db');
  await createDemoCatalog({ path: catalog, samples });
  shareTexts(catalog, shared);
  const poisoned = addPoison(catalog, poison, random);
  const provider = await startProvider(at('bill.jsonl'), cache);
  const port = await firstFree([]);
  const store = `http://127.0.0.1:${port}`;
  const canaries = [`sk-or-canary-${randomBytes(12).toString('hex')}`];
  const home = at('home');
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTINGS.test(name))),
    NO_COLOR: '1',
    OPENROUTER_API_KEY: canaries[0],
    OPENROUTER_BASE_URL: provider.baseUrl,
    DATABASE_URL: catalog,
    TURSO_DATABASE_URL: store,
    EMBEDDINGS_HOME: home,
    BATCH_SIZE: String(batchSize),
    CONCURRENCY: String(concurrency),
    MAX_RETRIES: '8',
  };
  const place = { cwd: folder, env, output: at('output') };
  const client = [process.execPath, dist('client.js')];
  const sqldCommand = [sqldProgram(), ...sqldArguments(at('data'), port)];
  const sqld = createPart('sqld', sqldCommand, { ...place, env: { PATH: process.env.PATH } });
  const temporal = temporalOf(home);
  const cli = createPart('cli', [...client, 'generate', '--all', '--json'], place);
  const worker = createPart('worker', [...client, 'worker'], place);
  const verify = createPart('verify', [...client, 'verify', '--json'], place);
  return {
    folder,
    evidence: { catalog, store, bill: at('bill.jsonl'), mayFail: poisoned },
    canaries,
    provider,
    cli,
    worker,
    verify,
    temporal,
    sqld,
    /** Starts sqld and resolves once it serves. */
    async serveStore() {
      sqld.start();
      const healthy = () =>
        fetch(`${store}/health`).then(
          ({ ok }) => ok,
          () => false,
        );
      while (!(await healthy())) {
        if (!sqld.alive()) throw new Error('sqld ended by itself; see its output');
        await wait(20);
      }
    },
    async close({ keep }) {
      for (const part of [cli, worker]) await part.end();
      await temporal.end();
      await sqld.end();
      provider.stop();
      if (!keep) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Gives the last `count` samples the text of one of the first, so that distant batches share texts. */
function shareTexts(catalog, count) {
  if (count === 0) return;
  const db = new Database(catalog);
  try {
    const ids = db.prepare('SELECT id FROM samples ORDER BY id').pluck().all();
    const copies = ids.slice(-count).map((id, index) => ({ id, of: ids[index % (ids.length - count)] }));
    const columnsOf = (table, key) =>
      db.pragma(`table_info(${table})`).flatMap(({ name }) => (name === 'id' || name === key ? [] : [name]));
    const fields = columnsOf('samples', 'id');
    const analysis = columnsOf('vibe_analyses', 'sample_id');
    const statements = [
      `UPDATE samples SET (${fields}) = (SELECT ${fields} FROM samples WHERE id = @of) WHERE id = @id`,
      'DELETE FROM vibe_analyses WHERE sample_id = @id',
      `INSERT INTO vibe_analyses (sample_id, ${analysis}) SELECT @id, ${analysis} FROM vibe_analyses WHERE sample_id = @of`,
    ].map((sql) => db.prepare(sql));
    db.transaction(() => {
      for (const each of copies) for (const statement of statements) statement.run(each);
    })();
  } finally {
    db.close();
  }
}

function addPoison(catalog, count, random) {
  const db = new Database(catalog);
  try {
    const ids = random.some(db.prepare('SELECT id FROM samples').pluck().all(), count);
    const spoil = db.prepare(`UPDATE samples SET title = title || ' ${POISON}' WHERE id = ?`);
    for (const id of ids) spoil.run(id);
    return ids;
  } finally {
    db.close();
  }
}

async function startProvider(bill, cache) {
  const args = [
    '--bill',
    bill,
    '--vectors',
    'cheap',
    '--tokens',
    'estimate',
    ...(cache ? [] : ['--no-cache']),
  ];
  const child = spawn(process.execPath, [dist('local/sandbox-openrouter/main.js'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { baseUrl } = JSON.parse(line);
  const ask = (path, init) => fetch(new URL(path, baseUrl), init).then((answer) => answer.json());
  return {
    baseUrl,
    totals: () => ask('/__bill'),
    setFaults: (rules) => ask('/__faults', { method: 'POST', body: JSON.stringify(rules) }),
    stop: () => child.kill(),
  };
}
