import { accessSync, closeSync, constants, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { InStatement, ResultSet } from '@libsql/client';
import { blockedFault } from '../../fault.js';
import { outgoingFetch } from '../../outgoing/fetch.js';
import { boundedFetch } from './bounded-fetch.js';
import { isBusy, isClosedUnderneath, storeError } from './errors.js';
import type { Database } from './thread/messages.js';
import { hasThread, openOnThread } from './thread/on-thread.js';
import { parseStoreUrl } from './url.js';
import { patienceFor } from './write-pace.js';
import { createWriteQueue } from './write-queue.js';

export interface StoreOptions {
  url: string;
  authToken?: string;
  /**
   * Ms, default 30,000: for how long an operation waits for locks, or for its turn while nothing is committed, and what
   * one HTTP call may take, to which a write adds what its bytes need on a slow link. An operation that is under way at
   * that moment ends by itself.
   */
  deadlineMs?: number;
  /** Work on a thread of its own, where the store is a file; default false. */
  ownThread?: boolean;
  /** MB of pages that such a thread keeps, default 16: what a worker's writes want. */
  keptMb?: number;
  /** Ms, default 90,000: for how long texts stay claimed after the process that buys them was last heard of. */
  leaseMs?: number;
  /** How many vectors of queries are kept, so that the same query is bought once; default 10,000. */
  keptQueries?: number;
  /** Only look: the file is neither made nor changed, its journal mode included, and a write is refused. */
  readOnly?: boolean;
}

/** One libSQL database: reads run freely, writes one after another, each whole or not at all. */
export interface StoreConnection {
  read(operation: string, statement: InStatement): Promise<ResultSet>;
  /** Several reads of the same moment, asked for at once. */
  readTogether(operation: string, statements: InStatement[]): Promise<ResultSet[]>;
  /** Waits in the process's write queue; a busy database is tried again until the deadline. */
  write(operation: string, statements: InStatement[]): Promise<ResultSet[]>;
  /** Throws a Fault where the file that was opened was deleted or replaced since; a server is not asked. */
  checkFile(): void;
  close(): Promise<void>;
}

/** Of 2 MB, SQLite's default, the indices alone need more, and are read again for each batch. 64 MB take no less CPU. */
const KEPT_MB = 16;
const BUSY_WAIT_MS = 50;
/** SQLite's own wait for a lock. It blocks this process, so it is short of any heartbeat's timeout. */
const BUSY_TIMEOUT_MS = 5000;

export async function connect({
  url,
  authToken,
  deadlineMs = 30_000,
  ownThread = false,
  keptMb = KEPT_MB,
  readOnly = false,
}: StoreOptions): Promise<StoreConnection> {
  const target = parseStoreUrl(url);
  const local = target.kind === 'file';
  /** Bytes of the write that is on its way: a slow link may take long for many. */
  let writing = 0;
  const client = local
    ? await openFile(target, {
        deadline: performance.now() + deadlineMs,
        readOnly,
        keptMb: ownThread ? keptMb : null,
      })
    : await openRemote(target.url, authToken, () => deadlineMs + patienceFor(writing));
  const made = local ? identityOf(target.path) : null;
  /** A deleted file would swallow every write without an error. */
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
      attempt(operation, performance.now() + deadlineMs, () => client.execute(statement)),
    readTogether: (operation, statements) =>
      attempt(operation, performance.now() + deadlineMs, () => client.batch(statements, 'read')),
    write: async (operation, statements) => {
      if (readOnly) throw new Error(`the store (${operation}): opened for reading only`);
      return queue.run(operation, statements);
    },
    checkFile,
    async close() {
      await queue.idle();
      await client.close();
    },
  };
}

/** A file system gives the number of a deleted file to the next one, so its birth counts too. */
function identityOf(path: string): string | null {
  const there = statSync(path, { throwIfNoEntry: false });
  return there === undefined ? null : `${there.ino} ${there.birthtimeMs}`;
}

/** Tries again while another process holds the database. The error is translated once, here. */
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
      // Also where time is up: the next operation must not find the connection that was busy.
      await between(error);
      if (!(isBusy(error) || isClosedUnderneath(error)) || performance.now() > deadline)
        throw storeError(operation, error);
      await wait(BUSY_WAIT_MS);
    }
  }
}

async function openFile(
  { url, path }: { url: string; path: string },
  { deadline, readOnly, keptMb }: { deadline: number; readOnly: boolean; keptMb: number | null },
): Promise<Database> {
  const { createClient } = await import('@libsql/client/sqlite3');
  const begin = (): Database =>
    keptMb !== null && hasThread()
      ? openOnThread({ url, timeout: BUSY_TIMEOUT_MS, keptMb })
      : createClient({ url, timeout: BUSY_TIMEOUT_MS });
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
  // A process that makes or recovers the file at this moment locks it; a connection that met that is not kept.
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
 * Made by us, so that nobody else may read it. One that is there is not opened: closing any descriptor of a file drops
 * the locks that this process holds on it, and then another process takes itself for the last one and removes the
 * write-ahead log under our connections.
 */
function makePrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    accessSync(path, constants.R_OK | constants.W_OK);
  }
}

/** libSQL's own client takes a token in the address too. */
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
