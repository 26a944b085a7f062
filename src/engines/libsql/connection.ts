import { accessSync, closeSync, constants, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { InStatement, ResultSet } from '@libsql/client';
import { blockedFault } from '../../fault.js';
import { outgoingFetch } from '../../outgoing/fetch.js';
import { boundedFetch } from './bounded-fetch.js';
import { isBusy, isClosedUnderneath, storeError } from './errors.js';
import type { Moment } from './standstill.js';
import type { Database } from './thread/messages.js';
import { hasThread, openOnThread } from './thread/on-thread.js';
import { parseStoreUrl } from './url.js';
import { extraTimeoutMs } from './write-pace.js';
import { createWriteQueue } from './write-queue.js';

export interface StoreOptions {
  url: string;
  authToken?: string;
  /**
   * Milliseconds, default 30,000. How long an operation waits for locks, or for its turn while nothing is committed.
   * Also the time limit of one HTTP call; a write adds what its bytes need on a slow link. An operation that is running
   * at the deadline is not interrupted.
   */
  deadlineMs?: number;
  /**
   * Milliseconds, default `deadlineMs`. The same for reads of a file, and for writes that nothing was paid for yet: a
   * server whose clients wait refuses them early, and still stores for long what it has bought.
   */
  unpaidDeadlineMs?: number;
  /**
   * Milliseconds, default 5,000. SQLite's own wait for a lock of a file. The store's thread answers nothing else
   * meanwhile, so a server whose reads must go on waits briefly and tries again.
   */
  lockWaitMs?: number;
  /** Run on a separate thread if the store is a file. Default false. */
  ownThread?: boolean;
  /** Page cache of that thread in MB, default 16: enough for a worker's writes. */
  keptMb?: number;
  /** Milliseconds, default 90,000. How long texts stay claimed after the last lease renewal of their process. */
  leaseMs?: number;
  /** Shows whether this process stood still; default the system's clocks. */
  clock?: () => Moment;
  /** Number of query vectors that are kept, so that the same query is bought once. Default 10,000. */
  keptQueries?: number;
  /** Open for reading only: the file is neither created nor changed, its journal mode included, and writes throw. */
  readOnly?: boolean;
}

export interface WriteOptions {
  /** Nothing is lost if this write fails: nothing was paid yet for what it writes. Default false. */
  unpaid?: boolean;
}

/** One libSQL database. Reads run concurrently; writes run one after another, each atomically. */
export interface StoreConnection {
  read(operation: string, statement: InStatement): Promise<ResultSet>;
  /** Runs several reads in one round trip, over the same state of the database. */
  readTogether(operation: string, statements: InStatement[]): Promise<ResultSet[]>;
  /**
   * Waits in the process's write queue; retries a busy database until the deadline. `unpaid`: until that of
   * `unpaidDeadlineMs`.
   */
  write(operation: string, statements: InStatement[], options?: WriteOptions): Promise<ResultSet[]>;
  /** Throws a Fault if the opened file was deleted or replaced since. Sends nothing to a server. */
  checkFile(): void;
  close(): Promise<void>;
}

/** The indices alone exceed SQLite's default of 2 MB and would be read again for each batch. 64 MB take no less CPU. */
const KEPT_MB = 16;
const BUSY_WAIT_MS = 50;
/** SQLite's own wait for a lock. It blocks this process, so it is shorter than any heartbeat's timeout. */
const BUSY_TIMEOUT_MS = 5000;

export async function connect({
  url,
  authToken,
  deadlineMs = 30_000,
  unpaidDeadlineMs = deadlineMs,
  lockWaitMs = BUSY_TIMEOUT_MS,
  ownThread = false,
  keptMb = KEPT_MB,
  readOnly = false,
}: StoreOptions): Promise<StoreConnection> {
  const target = parseStoreUrl(url);
  const local = target.kind === 'file';
  /** Bytes of the write that is being sent: many bytes may take long on a slow link. */
  let writing = 0;
  const client = local
    ? await openFile(target, {
        deadline: performance.now() + deadlineMs,
        ...{ readOnly, lockWaitMs },
        keptMb: ownThread ? keptMb : null,
      })
    : await openRemote(target.url, authToken, () => deadlineMs + extraTimeoutMs(writing));
  const made = local ? identityOf(target.path) : null;
  /** Writes to a deleted file would be lost without an error. */
  const checkFile = (): void => {
    if (!local) return;
    if (identityOf(target.path) !== made)
      throw blockedFault(
        `the store: ${target.path} was deleted or replaced while it was in use; put it back, or start again`,
      );
  };

  const attempt = <T>(operation: string, deadline: number, act: () => Promise<T>): Promise<T> =>
    untilFree(operation, deadline, act, async (error) => {
      // After one BUSY the file client acknowledges writes and commits nothing: only a new connection is safe.
      if (local && isBusy(error)) await client.reconnect();
    });

  const queue = createWriteQueue(deadlineMs, async (operation, statements, deadline, bytes) => {
    writing = bytes;
    try {
      return await attempt(operation, deadline, () => {
        checkFile();
        return client.batch(statements, 'write');
      });
    } finally {
      writing = 0;
    }
  });

  return {
    read: (operation, statement) =>
      attempt(operation, performance.now() + unpaidDeadlineMs, () => client.execute(statement)),
    readTogether: (operation, statements) =>
      attempt(operation, performance.now() + unpaidDeadlineMs, () => client.batch(statements, 'read')),
    write: async (operation, statements, { unpaid = false } = {}) => {
      if (readOnly) throw new Error(`the store (${operation}): opened for reading only`);
      return queue.run(operation, statements, unpaid ? unpaidDeadlineMs : deadlineMs);
    },
    checkFile,
    async close() {
      await queue.idle();
      await client.close();
    },
  };
}

/** Returns inode and birth time, because a file system reuses the inode of a deleted file. Null: no such file. */
function identityOf(path: string): string | null {
  const there = statSync(path, { throwIfNoEntry: false });
  return there === undefined ? null : `${there.ino} ${there.birthtimeMs}`;
}

/** Retries while another process holds the database. Errors are translated once, here. */
async function untilFree<T>(
  operation: string,
  deadline: number,
  act: () => Promise<T>,
  between: (error: unknown) => Promise<void>,
): Promise<T> {
  while (true) {
    try {
      return await act();
    } catch (error) {
      // Also after the deadline: the next operation must not get the connection that was busy.
      await between(error);
      if (!(isBusy(error) || isClosedUnderneath(error)) || performance.now() > deadline)
        throw storeError(operation, error);
      await wait(BUSY_WAIT_MS);
    }
  }
}

async function openFile(
  { url, path }: { url: string; path: string },
  {
    deadline,
    readOnly,
    keptMb,
    lockWaitMs,
  }: { deadline: number; readOnly: boolean; keptMb: number | null; lockWaitMs: number },
): Promise<Database> {
  const { createClient } = await import('@libsql/client/sqlite3');
  const begin = (): Database =>
    keptMb !== null && hasThread()
      ? openOnThread({ url, timeout: lockWaitMs, keptMb })
      : createClient({ url, timeout: lockWaitMs });
  try {
    if (readOnly) {
      statSync(path);
      return begin();
    }
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    makePrivately(path);
  } catch (error) {
    throw storeError('open', error);
  }
  // A process that is creating or recovering the file locks it; a connection that met such a lock is closed.
  const open = async (): Promise<Database> => {
    const database = begin();
    try {
      await database.execute('PRAGMA journal_mode = WAL');
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  };
  return untilFree('open', deadline, open, async () => undefined);
}

/**
 * Creates the file with mode 0600, so that no other user can read it. Does not open an existing file: closing any
 * descriptor of a file drops the locks that this process holds on it. Another process would then consider itself the
 * last one and remove the WAL under our connections.
 */
function makePrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    accessSync(path, constants.R_OK | constants.W_OK);
  }
}

/** Splits off the token: libSQL's own client accepts one in the address too. */
function plainAddress(address: string, authToken: string | undefined) {
  const url = new URL(address);
  const token = url.searchParams.get('authToken') ?? authToken;
  url.search = '';
  return { url: url.href, authToken: token };
}

async function openRemote(
  url: string,
  authToken: string | undefined,
  deadlineMs: () => number,
): Promise<Database> {
  const [{ createClient }, { createBinaryWrites }] = await Promise.all([
    import('@libsql/client/http'),
    import('./binary-writes.js'),
  ]);
  try {
    const bounded = boundedFetch(deadlineMs, undefined, outgoingFetch);
    const client = createClient({ url, fetch: bounded, ...(authToken !== undefined && { authToken }) });
    const binary = createBinaryWrites({ ...plainAddress(url, authToken), fetch: bounded });
    return {
      execute: (statement) => client.execute(statement),
      async batch(statements, mode) {
        const results = mode === 'write' && binary.ready() ? await binary.batch(statements) : null;
        return results ?? client.batch(statements, mode);
      },
      reconnect: () => client.reconnect(),
      close() {
        binary.close();
        client.close();
      },
    };
  } catch (error) {
    throw storeError('open', error);
  }
}
