import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { helperEnvironment } from './helper-environment.js';
import type { KeeperOptions } from './keeper.js';
import { filesOf } from './state-file.js';

const LOG_LIMIT_BYTES = 5 * 1024 * 1024;

/** Returns the compiled entry beside this file. Tests run from TypeScript and pass their own. */
export const compiledKeeper = (): string => fileURLToPath(new URL('./keeper-main.js', import.meta.url));

/** Starts a separate process that outlives this one. Its output and the server's go to `<home>/temporal.log`. */
export function spawnKeeper(script: string, options: KeeperOptions, pathVar: string): ChildProcess {
  const { log } = filesOf(options.home);
  keepSmall(log);
  const output = openedLog(log);
  try {
    const keeper = spawn(process.execPath, [script, JSON.stringify(options)], {
      detached: true,
      cwd: options.home,
      // The server must not get our secrets, nor our NODE_OPTIONS and TEMPORAL_*.
      env: helperEnvironment(pathVar),
      stdio: ['ignore', output, output],
    });
    keeper.on('error', () => undefined);
    keeper.unref();
    return keeper;
  } finally {
    if (output !== 'ignore') closeSync(output);
  }
}

/** Temporal runs without a log when the file cannot be opened. */
function openedLog(log: string): number | 'ignore' {
  try {
    return openSync(log, 'a', 0o600);
  } catch {
    return 'ignore';
  }
}

function keepSmall(log: string): void {
  try {
    if (statSync(log).size > LOG_LIMIT_BYTES) renameSync(log, `${log}.1`);
  } catch {
    // The log does not exist yet, or another command has just renamed it.
  }
}
