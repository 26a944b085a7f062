import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

const alive = new Set();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** Creates a restartable process. Its output goes to `NAME-N.out` and `NAME-N.err`, where N counts its starts. */
export function createPart(name, command, { env, cwd, output }) {
  let lives = 0;
  let child = null;
  let ended = Promise.resolve(null);
  return {
    name,
    alive: () => child !== null,
    /** Returns the path of the current start's stdout. */
    printed: () => join(output, `${name}-${lives}.out`),
    /** Starts the process. Resolves with `{ code, signal }` when it ends. */
    start() {
      lives += 1;
      const files = ['out', 'err'].map((end) => openSync(join(output, `${name}-${lives}.${end}`), 'a'));
      const life = spawn(command[0], command.slice(1), { cwd, env, stdio: ['ignore', ...files] });
      for (const file of files) closeSync(file);
      child = life;
      alive.add(life);
      ended = once(life, 'exit').then(([code, signal]) => {
        alive.delete(life);
        if (child === life) child = null;
        return { code, signal };
      });
      return ended;
    },
    /** Kills the process and resolves once it has ended; true when it was running. */
    async end(signal = 'SIGKILL') {
      const killed = child?.kill(signal) ?? false;
      await ended;
      return killed;
    },
  };
}
