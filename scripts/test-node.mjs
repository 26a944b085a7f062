/**
 * `npm run test:node -- 24` (or `20 22 24 26`, `lts`, `all`): tests the committed state on that Node line as for a new
 * user, with a fresh clone and an empty home. `here` uses the Node that runs this script. Node's binaries come from the
 * registry. Only npm's cache is shared with the machine.
 *
 * Runs the demo, kills a run and resumes it, searches, and runs a smoke suite over catalog, store and Temporal.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tryOut } from './try-out.mjs';

const LINES = ['20', '22', '24', '26'];
const NEWEST_LTS = '24';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const asked = process.argv
  .slice(2)
  .flatMap((word) => (word === 'all' ? LINES : word === 'lts' ? [NEWEST_LTS] : [word]));
if (asked.length === 0 || asked.some((word) => word !== 'here' && !/^\d+(\.\d+){0,2}$/.test(word))) {
  console.error(`usage: npm run test:node -- LINE…, each of ${LINES.join(', ')}, lts, all or here`);
  process.exit(2);
}
const npmCache = run('npm', ['config', 'get', 'cache'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
}).trim();

const summaries = [];
for (const line of asked) {
  const place = mkdtempSync(join(tmpdir(), 'sample-embeddings-node-'));
  try {
    const clone = join(place, 'clone');
    run('git', ['clone', '--quiet', root, clone]);
    const env = strangersEnvironment(place, line === 'here' ? dirname(process.execPath) : nodeFor(line));
    summaries.push(await tryOut(clone, env));
  } catch (error) {
    summaries.push(`Node ${line}: failed: ${error.message}`);
    process.exitCode = 1;
  } finally {
    rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  }
}
for (const summary of summaries) console.log(summary);

/** Returns the folder with that line's `node`; installs it from the registry first. */
function nodeFor(line) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(root, '.cache', 'nodes', line);
  const bin = join(folder, 'node_modules', name, 'bin');
  if (!existsSync(join(bin, 'node'))) {
    mkdirSync(folder, { recursive: true });
    run('npm', [
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `${name}@${line}`,
    ]);
  }
  return bin;
}

/** Returns an environment without our settings and npm's. NODE_EXTRA_CA_CERTS stays, which the network may need. */
function strangersEnvironment(place, bin) {
  const home = join(place, 'home');
  mkdirSync(home);
  const ours =
    /^(npm_|NODE(?!_EXTRA_CA_CERTS$)|INIT_CWD$|XDG_|OPENROUTER|TURSO|DATABASE_URL|SAMPLES_ROOT|EMBEDDING|TEMPORAL|BATCH_SIZE|MAX_RETRIES|CONCURRENCY|LOG_LEVEL)/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
  return {
    ...env,
    HOME: home,
    PATH: `${bin}${delimiter}${env.PATH}`,
    npm_config_cache: npmCache,
    // The cache has the packages of the lock file, because the original checkout was installed with it.
    npm_config_prefer_offline: 'true',
    npm_config_update_notifier: 'false',
  };
}

function run(file, args, options = {}) {
  const { status, error, stdout } = spawnSync(file, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    encoding: 'utf8',
    ...options,
  });
  if (status !== 0) throw new Error(`${file} ${args[0]} failed: ${error?.message ?? `exit code ${status}`}`);
  return stdout;
}
