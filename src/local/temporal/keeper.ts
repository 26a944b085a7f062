import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { tryProcessLock } from '../process-lock.js';
import { watchClock } from './clock-watch.js';
import { keepDevServer } from './dev-server.js';
import { openLeaseServer } from './lease-server.js';
import { killOrphans } from './orphans.js';
import type { Ports } from './ports.js';
import { filesOf, type KeeperState, readState, writeState } from './state-file.js';

export interface KeeperOptions {
  /** Absolute path of an existing folder. */
  home: string;
  /** Path of a working Temporal CLI. */
  cli: string;
  /** How long the server outlives a lease whose holder was killed, so that the next command finds it; default 20 s. */
  lingerMs?: number;
  /** How long to wait for the first lease; default 30 s. */
  firstLeaseMs?: number;
}

/**
 * Runs the dev server of one home folder as long as any lease is held. Resolves with an exit code once the server is
 * stopped: 0, also when this home already has a keeper; 1 when the server cannot be kept up.
 */
export async function runKeeper(options: KeeperOptions): Promise<number> {
  const { home, cli, lingerMs = 20_000, firstLeaseMs = 30_000 } = options;
  const files = filesOf(home);
  const lock = await lockOrNull(files.lock);
  if (lock === null) return 0;

  const log = (line: string): void =>
    console.log(`${new Date().toISOString()} keeper ${process.pid}: ${line}`);
  const orphans = await killOrphans(files.database);
  if (orphans.length > 0) log(`killed the server of an earlier keeper (${orphans.join(', ')})`);

  let finish: (code: number) => void = () => undefined;
  const finished = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const stop = (why: string): void => {
    log(why);
    finish(0);
  };
  let idle = setTimeout(() => desk.held() === 0 && stop('nobody came'), firstLeaseMs);
  const token = randomBytes(32).toString('hex');
  const desk = await openLeaseServer(token, (clean) => {
    clearTimeout(idle);
    if (clean) return stop('the last command is done');
    idle = setTimeout(
      () => desk.held() === 0 && stop('the last command was killed and did not come again'),
      lingerMs,
    );
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(signal));

  let state = firstState(home, desk.port, token);
  const write = (change: Partial<KeeperState>): void => {
    state = { ...state, ...change };
    try {
      writeState(home, state);
    } catch (error) {
      // The disk may be full: the server goes on for the holders of leases.
      log(`what it is cannot be written down: ${(error as Error).message}`);
    }
  };
  const server = keepDevServer({
    cli,
    databaseFile: files.database,
    earlier: state.ports.grpc === 0 ? null : state.ports,
    log,
    onProcess: (serverPid, ports) => write({ serverPid, ports, ...addressesOf(ports) }),
    onServing: () => desk.announce({ address: state.address, uiUrl: state.uiUrl }),
    onDown: () => desk.announce(null),
    onGivenUp: (reason) => {
      log(reason);
      desk.refuse(reason);
      finish(1);
    },
  });
  const clock = watchClock((byMs) =>
    server.restart(`the clock was set back by ${Math.round(byMs / 1000)} s: starting the server again`),
  );
  const code = await finished;
  clock.stop();
  clearTimeout(idle);
  desk.close();
  // If the folder was removed and created anew, the state file may be another keeper's.
  const stillOurs = (): boolean => readState(home)?.token === token;
  if (stillOurs()) write({ leasePort: 0 });
  await server.stop();
  if (stillOurs()) write({ serverPid: 0 });
  lock.release();
  return code;
}

/** Retries briefly, as a client that only checks the lock holds it for a moment. */
async function lockOrNull(file: string): Promise<ReturnType<typeof tryProcessLock>> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const lock = tryProcessLock(file);
    if (lock !== null) return lock;
    await delay(20);
  }
  return null;
}

const addressesOf = (ports: Ports): { address: string; uiUrl: string } => ({
  address: `127.0.0.1:${ports.grpc}`,
  uiUrl: `http://127.0.0.1:${ports.ui}`,
});

function firstState(home: string, leasePort: number, token: string): KeeperState {
  const ports = readState(home)?.ports ?? { grpc: 0, ui: 0 };
  return { ...addressesOf(ports), leasePort, token, keeperPid: process.pid, serverPid: 0, ports };
}
