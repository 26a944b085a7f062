import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../config.js';
import { openHomeFolder } from '../../local/home-folder.js';
import type { Console } from '../console.js';
import { ExitCode } from '../exit-codes.js';

/** Message from the background command to the one that started it. */
const UNDER_WAY = 'the run is under way';

/**
 * Starts the command again in the background, where it ends with its run: in one-command mode the command is the only
 * worker. Returns once the run is under way, so that `status --watch` finds it. If the run ends before that, its output
 * and exit code are passed on.
 */
export async function detach(host: NodeJS.Process, console: Console, settings: Settings): Promise<number> {
  openHomeFolder(settings.home);
  const file = join(settings.home, 'generate.log');
  const log = openedLog(file, console.say);
  const before = log === 'ignore' ? 0 : statSync(file).size;
  const args = host.argv.slice(1).filter((argument) => argument !== '--detach');
  const child = spawn(host.execPath, args, { detached: true, stdio: ['ignore', log, log, 'ipc'] });
  const code = await begun(child);
  if (code !== null && code !== ExitCode.Ok) {
    if (log !== 'ignore') host.stderr.write(readFileSync(file).subarray(before));
    return code;
  }
  child.unref();
  console.say(
    `The run goes on in the background (process ${child.pid}, log ${file}). Watch it: embeddings status --watch`,
  );
  console.answer({ detached: true, pid: child.pid, log: file });
  return ExitCode.Ok;
}

/** Opens the log; a log that cannot be opened does not stop the run. */
function openedLog(file: string, say: (text: string) => void): number | 'ignore' {
  try {
    return openSync(file, 'a', 0o600);
  } catch (error) {
    say(`the log ${file} cannot be written (${(error as Error).message}): going on without it`);
    return 'ignore';
  }
}

/** Resolves to null once the run is under way, or to the exit code if the command ends before that. */
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

/** In the background command: tells its parent that the run is under way. In any other command it does nothing. */
export function reportUnderWay(host: NodeJS.Process): void {
  // The parent may have ended.
  if (host.connected) host.send?.(UNDER_WAY, undefined, undefined, () => undefined);
}
