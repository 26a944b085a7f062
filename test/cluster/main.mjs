/**
 * `npm run cluster -- up|down|status|test`: runs real services around the product on this machine; see README.md here.
 *   up [--dev] [--fresh]   starts the cluster and prints how to use it (--dev: with Temporal's dev server)
 *   status                 prints what is running
 *   down                   stops all; the data stay for the next `up`, unless that has --fresh
 *   test [FILTER…]         starts the cluster if it is not up, and runs the tests against it
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { clusterUp, down, up } from './control.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const folder = join(root, '.embeddings-cluster');
const env = join(folder, 'cluster.env');
const { values, positionals } = parseArgs({
  options: { dev: { type: 'boolean', default: false }, fresh: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [command, ...filters] = positionals;
/** Tests that otherwise start their own Temporal use the cluster's. */
const TESTS = ['test/cluster', 'test/e2e/service', 'test/chaos/killed-worker', 'test/chaos/temporal-faults'];

const bringUp = async () => {
  if (values.fresh) {
    await down(folder);
    rmSync(folder, { recursive: true, force: true });
  }
  if (clusterUp(folder) !== null) return false;
  await up(folder, values.dev ? 'dev' : 'server', (line) => console.log(line));
  return true;
};

const COMMANDS = {
  async up() {
    await bringUp();
    console.log(`The cluster is up. Use it from this shell:

  set -a; . ${relative(process.cwd(), env) || env}; set +a
  npx embeddings --all

npm run cluster -- status shows its parts, npm run cluster -- down stops it.`);
  },
  status() {
    const state = clusterUp(folder);
    if (state === null) {
      console.log('No cluster is up: npm run cluster -- up');
      return 3;
    }
    console.log(`${state.ready ? 'up' : 'starting'}, Temporal: ${state.temporal}`);
    for (const [name, { pid, port, starts }] of Object.entries(state.parts)) {
      const again = starts > 1 ? `started ${starts} times` : '';
      const at = port === undefined ? '' : `127.0.0.1:${port}`;
      console.log(
        `  ${name.padEnd(11)} ${(pid === null ? 'down' : `pid ${pid}`).padEnd(12)} ${at.padEnd(16)} ${again}`,
      );
    }
    return 0;
  },
  async down() {
    console.log((await down(folder)) ? 'The cluster is down.' : 'No cluster was up.');
  },
  async test() {
    const ours = await bringUp();
    const chosen = filters.length > 0 ? filters : TESTS;
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const { status } = spawnSync(
      process.execPath,
      [vitest, 'run', '--no-file-parallelism', '--testTimeout=300000', ...chosen],
      {
        cwd: root,
        stdio: 'inherit',
        env: { ...process.env, EMBEDDINGS_TEST_CLUSTER: folder },
      },
    );
    if (ours) await down(folder);
    return status ?? 1;
  },
};

const act = COMMANDS[command];
if (act === undefined) {
  console.error('say what: npm run cluster -- up | down | status | test');
  process.exit(2);
}
try {
  process.exitCode = (await act()) ?? 0;
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
