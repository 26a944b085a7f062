/** Installs the locked dependencies into node_modules, for setup.mjs. Uses only modules of Node itself. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { putInPlace, remove, workFolder } from './put-in-place.mjs';

export class SetupFailed extends Error {
  name = 'SetupFailed';
}

const STAMP = '.sample-embeddings-setup';
const major = Number(process.versions.node.split('.')[0]);
/** Among the native parts, only better-sqlite3 12, for Node 20, depends on the Node line: see src/sqlite.ts. */
const abi = major < 22 ? process.versions.modules : 'any';

const stampOf = (root) => {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return { lock, platform: `${process.platform}-${process.arch}`, abi };
};

/** Returns whether node_modules matches this lock file, this machine and this Node. */
export function isInstalled(root) {
  const file = join(root, 'node_modules', STAMP);
  if (!existsSync(file)) return false;
  const [lock, platform, built] = readFileSync(file, 'utf8').trim().split('\n');
  const wanted = stampOf(root);
  return lock === wanted.lock && platform === wanted.platform && (abi === 'any' || built === abi);
}

export async function install(root, say) {
  const folder = workFolder(root, 'install');
  try {
    for (const name of ['package.json', 'package-lock.json', '.npmrc'])
      if (existsSync(join(root, name))) copyFileSync(join(root, name), join(folder, name));
    const log = join(root, '.cache', 'setup-npm.log');
    say('Installing dependencies, which takes a minute or two…');
    const start = Date.now();
    // Not `npm ci`: see docs/decisions/0006. Install scripts run only for the packages that need them.
    npm(
      ['install', '--no-save', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'],
      folder,
      log,
    );
    const needy = scriptsNeeded(folder);
    if (needy.length > 0) npm(['rebuild', ...needy], folder, log);
    const modules = join(folder, 'node_modules');
    mkdirSync(modules, { recursive: true });
    writeFileSync(join(modules, STAMP), `${Object.values(stampOf(root)).join('\n')}\n`);
    if (!isInstalled(root)) putInPlace(modules, join(root, 'node_modules'));
    say(`  done in ${((Date.now() - start) / 1000).toFixed(1)} s`);
  } finally {
    remove(folder);
  }
}

/** Returns the installed packages whose scripts package.json allows; better-sqlite3 12 only where it is used. */
function scriptsNeeded(folder) {
  const { allowScripts = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.keys(allowScripts)
    .filter((name) => allowScripts[name] && existsSync(join(folder, 'node_modules', name)))
    .filter((name) => name !== 'better-sqlite3-12' || abi !== 'any');
}

/** Runs the npm that started us, or else npm from PATH. Throws SetupFailed with its last output and what to do. */
function npm(args, cwd, logFile) {
  const own = process.env.npm_execpath;
  const [file, before] =
    own !== undefined && /npm-cli\.c?js$/.test(own) ? [process.execPath, [own]] : ['npm', []];
  const log = openSync(logFile, 'w');
  const { status, signal, error } = spawnSync(file, [...before, ...args], {
    cwd,
    env: npmEnvironment(),
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  if (status === 0) return;
  if (error?.code === 'ENOENT')
    throw new SetupFailed(
      'npm is not on PATH: install Node together with npm, or put the folder of npm on PATH.',
    );
  const said = readFileSync(logFile, 'utf8').trimEnd();
  const tail = said
    .split('\n')
    .slice(-30)
    .map((line) => `  ${line}`);
  const why = error?.message ?? signal ?? `exit code ${status}`;
  throw new SetupFailed(
    [`npm ${args[0]} failed (${why}). The end of ${logFile}:`, ...tail, cureFor(said)]
      .filter(Boolean)
      .join('\n'),
  );
}

function cureFor(said) {
  if (/\bENOSPC\b/.test(said)) return 'The disk is full: an install takes about 1 GB.';
  // Checked before network errors: without a network, the earlier download of a prebuilt file also fails.
  if (/gyp ERR!/.test(said))
    return (
      `On Node ${process.version} a part is built from source. Use Node 22 or newer, which needs no compiler; or install ` +
      'Python, make and a C++ compiler, and set npm_config_nodedir to the folder that has include/node.'
    );
  const [, asked] = /request to (https?:\/\/[^\s/]+)/.exec(said) ?? [];
  if (/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)\b/.test(said))
    return (
      `npm could not reach ${asked ?? 'its registry'}. Go online and try again; behind a proxy set HTTPS_PROXY, ` +
      'with a registry of your own set npm_config_registry.'
    );
  return '';
}

/** Returns our environment without the variables that would make a nested npm omit packages or use other paths. */
function npmEnvironment() {
  const misleading =
    /^npm_(lifecycle_|package_|command$|config_(omit|include|only|also|production|dev|optional|dry_run|global|location|prefix|local_prefix|global_prefix|workspaces?|package_lock|package_lock_only|ignore_scripts|loglevel|json)$)/i;
  const entries = Object.entries(process.env).filter(
    ([name]) => name !== 'NODE_ENV' && name !== 'INIT_CWD' && !misleading.test(name),
  );
  const headers = nodeHeaders();
  return { ...(headers !== null && { npm_config_nodedir: headers }), ...Object.fromEntries(entries) };
}

/** Returns the folder whose include/node belongs to this Node, so that a build downloads nothing; null without one. */
function nodeHeaders() {
  const prefixes = [dirname(dirname(realpathSync(process.execPath))), '/usr', '/usr/local'];
  const isOurs = (prefix) => {
    const file = join(prefix, 'include', 'node', 'node_version.h');
    return existsSync(file) && readFileSync(file, 'utf8').includes(`#define NODE_MAJOR_VERSION ${major}\n`);
  };
  return prefixes.find(isOurs) ?? null;
}
