import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const RESTART_MS = 500;
const STOP_MS = 20_000;
const SETPRIV = '/usr/bin/setpriv';
/** On Linux with setpriv, the kernel kills a part when the process that started it dies, for whatever reason. */
const LEASH =
  process.platform === 'linux' && existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', '--'] : [];

/**
 * Keeps one process up as a service manager would: a process that ends by itself is started again after half a second,
 * until `stop`. Its output goes to `NAME.log` in `folder`. Calls `onChange` for each new process id.
 */
export function supervise(part, { folder, onChange = () => undefined }) {
  const { name, port, command, env, cwd = folder, uid, gid, healthy, stopSignal = 'SIGTERM' } = part;
  let child = null;
  let stopping = false;
  let starts = 0;

  const live = async () => {
    while (!stopping) {
      const log = openSync(join(folder, `${name}.log`), 'a', 0o600);
      const [program, ...args] = [...LEASH, ...command];
      // The sandbox provider runs as long as its stdin is open.
      const life = spawn(program, args, { cwd, env, uid, gid, stdio: ['pipe', log, log] });
      closeSync(log);
      child = life;
      starts += 1;
      life.stdin.on('error', () => undefined);
      const ended = once(life, 'exit').catch(() => undefined);
      onChange();
      await ended;
      child = null;
      onChange();
      if (!stopping) await wait(RESTART_MS);
    }
  };
  const over = live();

  return {
    name,
    /** Returns the state. `program` is part of the process's command line, to detect a reused process id. */
    state: () => ({
      pid: child?.pid ?? null,
      port,
      starts,
      program: command.at(-1) === 'worker' ? 'worker' : command[0],
    }),
    /** Resolves once the part serves; rejects when it does not within `seconds`. */
    async ready(seconds = 60) {
      const late = Date.now() + seconds * 1000;
      while (!(await healthy({ pid: child?.pid ?? null }).catch(() => false))) {
        if (Date.now() > late)
          throw new Error(`${name} does not serve after ${seconds} s; see ${join(folder, `${name}.log`)}`);
        await wait(50);
      }
    },
    async stop() {
      stopping = true;
      child?.kill(stopSignal);
      const force = setTimeout(() => child?.kill('SIGKILL'), STOP_MS);
      await over;
      clearTimeout(force);
    },
  };
}
