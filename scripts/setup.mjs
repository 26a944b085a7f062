/**
 * Makes a fresh clone runnable, and does nothing when it already is. Installs when node_modules is missing, or belongs
 * to another package-lock.json or another machine. Builds when dist does not match its sources. Messages go to stderr,
 * since stdout belongs to the command that follows. `--quiet`: no message when there is nothing to do.
 *
 * Each step works in a separate folder and ends with a rename, so that two processes can do it at once and neither sees
 * half of the other's result.
 *
 * Old Node versions must be able to parse this file, to say which version is needed: no top-level await.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machineFault } from '../src/check-machine.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (line) => process.stderr.write(`${line}\n`);
const fault = machineFault(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
if (fault === null) setUp().catch(tell);
else {
  say(fault);
  process.exitCode = 1;
}

async function setUp() {
  const { install, isInstalled } = await import('./install.mjs');
  const { sourceHash } = await import('./source-hash.mjs');
  const stamp = join(root, 'dist', '.build-stamp');
  const isBuilt = () => existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === sourceHash(root);

  if (isInstalled(root) && isBuilt()) {
    if (!process.argv.includes('--quiet')) say('Everything is installed and built.');
    return;
  }
  if (!isInstalled(root)) await install(root, say);
  if (!isBuilt()) await build();
}

async function build() {
  const { spawnSync } = await import('node:child_process');
  say('Building…');
  const start = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    const { SetupFailed } = await import('./install.mjs');
    throw new SetupFailed(`The build failed:\n${stdout}${stderr}`.trimEnd());
  }
  say(`  done in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

function tell(error) {
  if (error.name === 'SetupFailed') say(error.message);
  else if (['EACCES', 'EPERM', 'EROFS'].includes(error.code))
    say(
      `The checkout cannot be written (${error.message}): clone it into a folder of your own, or change its owner.`,
    );
  else say(`Setup failed: ${error.stack}`);
  process.exitCode = 1;
}
