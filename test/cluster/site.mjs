import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { Database } from '../../dist/sqlite.js';
import { judge, readBill, snapshot, watchArgv } from '../chaos/referee/index.mjs';
import { openStore, vectorsIn } from '../chaos/referee/store.mjs';
import { createCensus } from '../chaos/storm/census.mjs';
import { fillCatalog, twinOf } from './parts/catalog.mjs';
import { query, urlOf } from './parts/postgresql.mjs';
import { billOf } from './parts/product.mjs';
import { startCluster } from './start-cluster.mjs';
import { openIdentity, readState, settingsOf } from './state.mjs';

const GROUND_MS = 30_000;
const ACCOUNT_LINES = 12;
const TABLES = ['sample_embeddings', 'embedding_failures', 'api_usage', 'embedding_runs'];

/**
 * Opens the cluster for scenarios: the one in the folder that EMBEDDINGS_TEST_CLUSTER names, or a new one for this test
 * alone, which has Temporal's dev server and is otherwise the same.
 */
export async function openSite() {
  const attached = process.env.EMBEDDINGS_TEST_CLUSTER;
  const folder = attached ?? mkdtempSync(join(tmpdir(), 'sample-embeddings-cluster-'));
  const cluster =
    attached === undefined ? await startCluster({ folder, temporal: 'dev', samples: 10 }) : null;
  const identity = await openIdentity(folder);
  const env = settingsOf(identity);
  const store = `${env.TURSO_DATABASE_URL}?authToken=${env.TURSO_AUTH_TOKEN}`;
  const evidence = { catalog: twinOf(folder), store, bill: billOf(folder) };
  const connection = await Connection.connect({ address: env.TEMPORAL_ADDRESS });
  const argv = watchArgv();
  let kills = [];

  /** Sends SIGKILL to a part. Returns a function that waits until a new process has replaced it. */
  const end = (name) => {
    const { pid } = readState(folder).parts[name];
    process.kill(pid, 'SIGKILL');
    return async () => {
      while ([pid, null].includes(readState(folder).parts[name].pid)) await wait(20);
    };
  };
  const provider = (path, init) =>
    fetch(new URL(path, env.OPENROUTER_BASE_URL), init).then((answer) => answer.json());

  return {
    folder,
    env,
    temporal: new Client({ connection }),
    /** Resets all: an empty store, a fresh catalog, a provider with an empty bill and no faults. */
    async ground(options) {
      kills = [];
      const { workflow } = new Client({ connection });
      await within('ending the last run', () =>
        workflow
          .getHandle('embed-samples')
          .terminate()
          .catch(() => undefined),
      );
      const back = end('provider');
      rmSync(billOf(folder), { force: true });
      await within('filling the catalog', () => fillCatalog(folder, identity, options));
      await within('emptying the store', () => empty(store));
      await within('the provider', async () => {
        await back();
        while ((await provider('/__bill').catch(() => null)) === null) await wait(20);
      });
    },
    /** Returns the last output of every part, for a failed test. */
    account: () =>
      logsOf(folder)
        .map(([name, text]) => `── ${name}\n${text.trimEnd().split('\n').slice(-ACCOUNT_LINES).join('\n')}`)
        .join('\n'),
    /** Runs a statement on the catalog, and on its copy, which the referee reads. */
    async change(statement) {
      await query(urlOf(identity, 'library'), statement);
      const twin = new Database(twinOf(folder));
      twin.exec(statement);
      twin.close();
    },
    bill: () => provider('/__bill'),
    setFaults: (rules) => provider('/__faults', { method: 'POST', body: JSON.stringify(rules) }),
    async charged(inputs) {
      while ((await provider('/__bill')).inputs < inputs) await wait(20);
    },
    strike: (name) => end(name)(),
    async kill(name) {
      const at = Date.now();
      const back = end(name);
      kills.push({ kind: name, at, ...(await createCensus(evidence)()) });
      await back();
    },
    async serves() {
      const healthy = () =>
        fetch(`${env.TURSO_DATABASE_URL}/health`).then(
          ({ ok }) => ok,
          () => false,
        );
      while (!(await healthy())) await wait(20);
    },
    snapshot: () => snapshot(evidence),
    async vectors() {
      const reading = openStore(store);
      try {
        return await vectorsIn(reading, 'sample_embeddings');
      } finally {
        reading.close();
      }
    },
    boughtTwice: () => readBill(billOf(folder)).boughtTwice,
    judge(report, more = {}) {
      const output = Object.fromEntries(logsOf(folder));
      const canaries = [identity.password, identity.token];
      const secrets = { canaries, folders: [], output, argv: argv.stop() };
      return judge({ ...evidence, mayFail: [], kills, report, secrets, ...more });
    },
    async close() {
      argv.stop();
      await connection.close();
      if (cluster === null) return;
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Throws an error that names the step when it takes too long. A test timeout would not name it. */
async function within(what, act) {
  const late = new AbortController();
  const alarm = wait(GROUND_MS, null, { signal: late.signal }).then(
    () => Promise.reject(new Error(`${what}: not done after ${GROUND_MS} ms`)),
    () => undefined,
  );
  try {
    return await Promise.race([act(), alarm]);
  } finally {
    late.abort();
  }
}

const logsOf = (folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')]);

async function empty(url) {
  const store = openStore(url);
  try {
    const there = (await store.all("SELECT name FROM sqlite_master WHERE type = 'table'")).map(
      ({ name }) => name,
    );
    for (const table of TABLES) if (there.includes(table)) await store.all(`DELETE FROM ${table}`);
  } finally {
    store.close();
  }
}
