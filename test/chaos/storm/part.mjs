import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

const alive = new Set();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** One process whose output goes to files `NAME-N.out` and `NAME-N.err`, N being its how-manieth life. */
export function createPart(name, command, { env, cwd, output }) {
  let lives = 0;
  let child = null;
  let ended = Promise.resolve(null);
  return {
    name,
    alive: () => child !== null,
    /** Path of what this life prints on stdout. */
    printed: () => join(output, `${name}-${lives}.out`),
    /** @returns resolves with `{ code, signal }` once this life has ended. */
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
    /** Resolves once it is gone; true when there was something to kill. */
    async end(signal = 'SIGKILL') {
      const killed = child?.kill(signal) ?? false;
      await ended;
      return killed;
    },
  };
}
