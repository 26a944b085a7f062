import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { openHomeFolder } from '../home-folder.js';
import { tryProcessLock } from '../process-lock.js';
import { type FinderOptions, findTemporalCli } from './find-binary.js';
import { type HeldLease, peek, takeLease } from './lease-line.js';
import { compiledKeeper, spawnKeeper } from './spawn-keeper.js';
import { logSize, startupFault } from './startup-fault.js';
import { filesOf, readState } from './state-file.js';

export interface LeaseOptions extends FinderOptions {
  /** Folder of the server's database, state and log; created with mode 0700 when missing. */
  home: string;
  /** TEMPORAL_CLI_PATH's value. */
  cliPath?: string | undefined;
  /** Called when the server restarted at another address, where connected clients will not find it. */
  onMoved?: (address: string) => void;
  /** Called when no server is there and one is about to be started. May be called again. */
  onStarting?: () => void;
  /** For tests: the keeper's compiled entry, and its waits in milliseconds. */
  keeperScript?: string;
  keeperTimes?: { lingerMs?: number; firstLeaseMs?: number };
  /** Time limit for a server to start serving, once its program is found; default 60,000 ms. */
  deadlineMs?: number;
}

export interface LocalTemporal {
  /** host:port of the gRPC service, on loopback. */
  address: string;
  /** The Web UI, without a trailing slash. */
  uiUrl: string;
  /** Whether the server was started by another command. */
  alreadyRunning: boolean;
  /** Ends the lease; the server stops after the last one. Resolves without waiting for that. */
  end(): Promise<void>;
}

/**
 * Takes a lease on Temporal's dev server over the database in `home`, and starts the server when none is running. The
 * server stays while any lease is held, and 20 s longer after a holder was killed. A keeper that dies is replaced in
 * the background, on the same ports. Throws a usage Fault when no Temporal CLI is available, and a blocked one when the
 * server does not come up.
 */
export async function leaseLocalTemporal(options: LeaseOptions): Promise<LocalTemporal> {
  // The real path, so that the server's command line is the same for every alias of the folder.
  const home = openHomeFolder(options.home);
  const first = await acquire({ ...options, home });
  const over = new AbortController();
  let lease = first.lease;

  const stayLeased = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await lease.ended;
      if (over.signal.aborted) return;
      options.log(
        'The process that supervises the local Temporal server has ended; starting the server again.',
      );
      lease = await reacquire({ ...options, home }, over.signal, lease);
      if (over.signal.aborted) return lease.end();
      if (lease.served.address !== first.lease.served.address && !over.signal.aborted)
        options.onMoved?.(lease.served.address);
    }
  };
  void stayLeased();
  return {
    ...first.lease.served,
    alreadyRunning: first.alreadyRunning,
    async end() {
      over.abort();
      await lease.end();
    },
  };
}

/** Returns where a server is up, within a few milliseconds and without starting one. Null: none, or not serving yet. */
export async function peekLocalTemporal(home: string): Promise<{ address: string; uiUrl: string } | null> {
  const state = readState(home);
  return state === null || state.leasePort === 0 ? null : peek(state);
}

interface Acquired {
  lease: HeldLease;
  alreadyRunning: boolean;
}

async function acquire(options: LeaseOptions, over?: AbortSignal): Promise<Acquired> {
  const { home, deadlineMs = 60_000, keeperScript = compiledKeeper(), keeperTimes } = options;
  let cli: string | null = null;
  let ours: ChildProcess | null = null;
  const since = logSize(home);
  for (let deadline = performance.now() + deadlineMs; ; await delay(25)) {
    over?.throwIfAborted();
    const state = readState(home);
    if (state !== null && state.leasePort !== 0) {
      const answer = await takeLease(state, Math.max(1, deadline - performance.now()));
      if (answer.is === 'held') return { lease: answer.lease, alreadyRunning: state.keeperPid !== ours?.pid };
      if (answer.is === 'refused') throw startupFault(home, answer.reason, since);
    }
    if (ours !== null && (ours.exitCode ?? 0) !== 0)
      throw startupFault(home, `its keeper ended with code ${ours.exitCode}`, since);
    if (performance.now() > deadline)
      throw startupFault(home, `it did not serve within ${deadlineMs / 1000} s`, since);
    if (isAlive(ours) || isLocked(filesOf(home).lock)) continue;
    options.onStarting?.();
    if (cli === null) {
      cli = await findTemporalCli(options);
      deadline = performance.now() + deadlineMs;
      // Another command may have started a server meanwhile; its state is read again first.
      if (isLocked(filesOf(home).lock)) continue;
    }
    ours = spawnKeeper(keeperScript, { home, cli, ...keeperTimes }, options.pathVar);
  }
}

/** Takes a lease again in the background, where errors have no caller: logs them, and retries until `over` aborts. */
async function reacquire(options: LeaseOptions, over: AbortSignal, lost: HeldLease): Promise<HeldLease> {
  while (!over.aborted) {
    try {
      return (await acquire(options, over)).lease;
    } catch (error) {
      if (over.aborted) return lost;
      options.log((error as Error).message);
      await delay(5_000, undefined, { ref: false, signal: over }).catch(() => undefined);
    }
  }
  return lost;
}

const isAlive = (child: ChildProcess | null): boolean =>
  child?.pid !== undefined && child.exitCode === null && child.signalCode === null;

/** Returns whether a keeper exists: serving, starting or stopping. */
function isLocked(file: string): boolean {
  const lock = tryProcessLock(file);
  lock?.release();
  return lock === null;
}
