import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Temporal's dev server and its keeper process in a home folder: the product starts them, the storm kills them. */
export function temporalOf(home) {
  const pidOf = (which) => {
    try {
      const pid = JSON.parse(readFileSync(join(home, 'temporal.json'), 'utf8'))[which];
      // The process id may belong to another process by now.
      return pid > 0 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(home) ? pid : null;
    } catch {
      return null;
    }
  };
  const kill = async (which) => {
    const pid = pidOf(which);
    if (pid === null) return false;
    process.kill(pid, 'SIGKILL');
    while (isThere(pid)) await wait(10);
    return true;
  };
  return {
    killServer: () => kill('serverPid'),
    killKeeper: () => kill('keeperPid'),
    async end() {
      await kill('keeperPid');
      await kill('serverPid');
    },
  };
}

/** Returns whether a process is running; a zombie is not. */
function isThere(pid) {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
