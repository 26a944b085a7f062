import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readState } from './state.mjs';

const KEEPER = fileURLToPath(new URL('./keeper.mjs', import.meta.url));

/** Returns the command line of a process, to detect a reused process id; '' when the process has ended. */
function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Returns the state of the cluster in this folder; null when no keeper is running. */
export function clusterUp(folder) {
  const state = readState(folder);
  return state !== null && commandLine(state.keeper).includes(`${KEEPER} ${folder}`) ? state : null;
}

/** Starts the keeper as a detached process; resolves once every part serves. Throws its last output on failure. */
export async function up(folder, temporal, say) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'keeper.log');
  const log = openSync(file, 'w', 0o600);
  const keeper = spawn(process.execPath, [KEEPER, folder, temporal], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  keeper.unref();
  let told = 0;
  while (true) {
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    for (const line of lines.slice(told)) if (line.startsWith('…')) say(line);
    told = lines.length;
    if (lines.includes('up')) return;
    if (keeper.exitCode !== null)
      throw new Error(`the cluster did not come up:\n${lines.slice(-5).join('\n')}`);
    await wait(100);
  }
}

/** Ends the keeper, which ends the parts, and kills parts that a killed keeper left. Returns false when nothing ran. */
export async function down(folder) {
  const state = readState(folder);
  if (state === null) return false;
  const held = clusterUp(folder) !== null;
  if (held) process.kill(state.keeper, 'SIGTERM');
  while (clusterUp(folder) !== null) await wait(50);
  let orphans = 0;
  for (const { pid, program } of Object.values(readState(folder).parts)) {
    if (pid === null || !commandLine(pid).includes(program)) continue;
    process.kill(pid, 'SIGKILL');
    orphans += 1;
  }
  return held || orphans > 0;
}
