import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { helperEnvironment } from './helper-environment.js';
import type { KeeperOptions } from './keeper.js';
import { filesOf } from './state-file.js';

const LOG_LIMIT_BYTES = 5 * 1024 * 1024;

/** The compiled entry beside this file. Tests, which run from TypeScript, name it themselves. */
export const compiledKeeper = (): string => fileURLToPath(new URL('./keeper-main.js', import.meta.url));

/** A process of its own that outlives us; what it and the server say goes to `<home>/temporal.log`. */
export function spawnKeeper(script: string, options: KeeperOptions, pathVar: string): ChildProcess {
  const { log } = filesOf(options.home);
  keepSmall(log);
  const output = openedLog(log);
  try {
    const keeper = spawn(process.execPath, [script, JSON.stringify(options)], {
      detached: true,
      cwd: options.home,
      // Neither our secrets nor our NODE_OPTIONS and TEMPORAL_* are any business of the server's.
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

/** Temporal goes on without a log where that cannot be opened. */
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
    // There is none yet, or another command has just done it.
  }
}
