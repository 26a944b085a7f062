import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Kills every dev server that still writes this database because its keeper was SIGKILLed. Only the holder of the
 * keeper's lock may call this. Servers are found by command line, so a recycled process id is never hit. Resolves when
 * they are gone.
 */
export async function killOrphans(databaseFile: string): Promise<number[]> {
  const orphans = serversOf(databaseFile);
  for (const pid of orphans) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself meanwhile.
    }
  }
  for (let round = 0; round < 100 && serversOf(databaseFile).length > 0; round++) await delay(50);
  return orphans;
}

/** Returns a setting that Temporal ignores, which marks in a server's command line which database is open. */
export const markOf = (databaseFile: string): string => `embeddings.database=${JSON.stringify(databaseFile)}`;

/** Returns the process ids of the dev servers with this database open, also of those started by an earlier version. */
export const serversOf = (databaseFile: string): number[] => {
  const marks = [` ${markOf(databaseFile)} `, ` --db-filename ${databaseFile} `];
  return commandLines()
    .filter(({ command }) => command.includes(' start-dev ') && marks.some((mark) => command.includes(mark)))
    .map(({ pid }) => pid);
};

/** Reads /proc where it exists, as slim container images have no ps. */
function commandLines(): Array<{ pid: number; command: string }> {
  if (process.platform === 'linux')
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => ({ pid: Number(name), command: readCommand(name) }));
  const table = execFileSync('ps', ['-axww', '-o', 'pid=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return table.split('\n').map((line) => {
    const [, pid = '0', command = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), command };
  });
}

function readCommand(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
