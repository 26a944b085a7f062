import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../config.js';
import { openHomeFolder } from '../../local/home-folder.js';
import type { Console } from '../console.js';
import { ExitCode } from '../exit-codes.js';

/** One-command mode has no worker but the command itself: `--detach` leaves one behind that ends with the run. */
export function detach(host: NodeJS.Process, console: Console, settings: Settings): number {
  openHomeFolder(settings.home);
  const file = join(settings.home, 'generate.log');
  const log = openedLog(file, console.say);
  const args = host.argv.slice(1).filter((argument) => argument !== '--detach');
  const child = spawn(host.execPath, args, { detached: true, stdio: ['ignore', log, log] });
  child.unref();
  console.say(
    `The run goes on in the background (process ${child.pid}, log ${file}). Watch it: embeddings status --watch`,
  );
  console.answer({ detached: true, pid: child.pid, log: file });
  return ExitCode.Ok;
}

/** A log that cannot be opened holds back no run. */
function openedLog(file: string, say: (text: string) => void): number | 'ignore' {
  try {
    return openSync(file, 'a', 0o600);
  } catch (error) {
    say(`the log ${file} cannot be written (${(error as Error).message}): going on without it`);
    return 'ignore';
  }
}
