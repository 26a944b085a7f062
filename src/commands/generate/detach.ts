import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../config.js';
import { openHomeFolder } from '../../local/home-folder.js';
import type { Console } from '../console.js';
import { ExitCode } from '../exit-codes.js';

/** What the command that was left behind tells the one that left it. */
const UNDER_WAY = 'the run is under way';

/**
 * One-command mode has no worker but the command itself: `--detach` leaves one behind that ends with the run. Returns
 * once its run is under way, so that `status --watch` finds it; where it ends before, with its words and its exit code.
 */
export async function detach(host: NodeJS.Process, console: Console, settings: Settings): Promise<number> {
  openHomeFolder(settings.home);
  const file = join(settings.home, 'generate.log');
  const log = openSync(file, 'a', 0o600);
  const before = statSync(file).size;
  const args = host.argv.slice(1).filter((argument) => argument !== '--detach');
  const child = spawn(host.execPath, args, { detached: true, stdio: ['ignore', log, log, 'ipc'] });
  const code = await begun(child);
  if (code !== null && code !== ExitCode.Ok) {
    host.stderr.write(readFileSync(file).subarray(before));
    return code;
  }
  child.unref();
  console.say(
    `The run goes on in the background (process ${child.pid}, log ${file}). Watch it: embeddings status --watch`,
  );
  console.answer({ detached: true, pid: child.pid, log: file });
  return ExitCode.Ok;
}

/** Null once its run is under way; its exit code where it ends before. */
const begun = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? ExitCode.SomeFailed));
    child.on('message', (message) => {
      if (message !== UNDER_WAY) return;
      child.disconnect();
      resolve(null);
    });
  });

/** In the command that was left behind: tells that its run is under way. Anywhere else it does nothing. */
export function tellUnderWay(host: NodeJS.Process): void {
  // Whoever listened may be gone.
  if (host.connected) host.send?.(UNDER_WAY, undefined, undefined, () => undefined);
}
