import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { KeeperOptions } from './keeper.js';
import { filesOf } from './state-file.js';

const LOG_LIMIT_BYTES = 5 * 1024 * 1024;

/** The compiled entry beside this file. Tests, which run from TypeScript, name it themselves. */
export const compiledKeeper = (): string => fileURLToPath(new URL('./keeper-main.js', import.meta.url));

/** A process of its own that outlives us; what it and the server say goes to `<home>/temporal.log`. */
export function spawnKeeper(script: string, options: KeeperOptions, pathVar: string): ChildProcess {
  const { log } = filesOf(options.home);
  keepSmall(log);
  const output = openSync(log, 'a', 0o600);
  try {
    const keeper = spawn(process.execPath, [script, JSON.stringify(options)], {
      detached: true,
      cwd: options.home,
      // Neither our secrets nor our NODE_OPTIONS and TEMPORAL_* are any business of the server's.
      env: { PATH: pathVar, HOME: homedir() },
      stdio: ['ignore', output, output],
    });
    keeper.on('error', () => undefined);
    keeper.unref();
    return keeper;
  } finally {
    closeSync(output);
  }
}

function keepSmall(log: string): void {
  try {
    if (statSync(log).size > LOG_LIMIT_BYTES) renameSync(log, `${log}.1`);
  } catch {
    // There is none yet, or another command has just done it.
  }
}

/** The log's last lines, indented, for an error's message. */
export function logTail(home: string, lines = 8): string {
  try {
    const text = readFileSync(filesOf(home).log, 'utf8').trimEnd().split('\n').slice(-lines);
    return text.map((line) => `  ${line.slice(0, 300)}`).join('\n');
  } catch {
    return '  (nothing)';
  }
}
