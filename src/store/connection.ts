import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client, InStatement, ResultSet } from '@libsql/client';
import { blockedFault } from '../fault.js';
import { isBusy, storeError } from './errors.js';
import { parseStoreUrl } from './url.js';

export interface StoreOptions {
  url: string;
  authToken?: string;
  /** Ms that one operation may take, waiting for locks included; default 30,000. */
  deadlineMs?: number;
}

/** One libSQL database: reads run freely, writes one after another, each whole or not at all. */
export interface StoreConnection {
  read(operation: string, statement: InStatement): Promise<ResultSet>;
  /** One transaction. Waits in the process's write queue; a busy database is tried again until the deadline. */
  write(operation: string, statements: InStatement[]): Promise<ResultSet[]>;
  close(): Promise<void>;
}

const BUSY_WAIT_MS = 50;

export async function connect({
  url,
  authToken,
  deadlineMs = 30_000,
}: StoreOptions): Promise<StoreConnection> {
  const target = parseStoreUrl(url);
  const local = target.kind === 'file';
  const client = local
    ? await openFile(target.url, target.path)
    : await openRemote(target.url, authToken, deadlineMs);
  const inode = local ? statSync(target.path).ino : null;
  let last: Promise<unknown> = Promise.resolve();

  /** A deleted file would swallow every write without an error. */
  const checkFile = (): void => {
    if (!local) return;
    const there = statSync(target.path, { throwIfNoEntry: false });
    if (there?.ino !== inode)
      throw blockedFault(
        `the store: ${target.path} was deleted or replaced while it was in use; put it back, or start again`,
      );
  };

  const attempt = async <T>(operation: string, act: () => Promise<T>): Promise<T> => {
    const deadline = Date.now() + deadlineMs;
    while (true) {
      try {
        return await act();
      } catch (error) {
        if (!isBusy(error) || Date.now() > deadline) throw storeError(operation, error);
        // After one BUSY the file client acknowledges writes and commits nothing: only a new connection is safe.
        if (local) await client.reconnect();
        await wait(BUSY_WAIT_MS);
      }
    }
  };

  return {
    read: (operation, statement) => attempt(operation, () => client.execute(statement)),
    write(operation, statements) {
      const turn = last.then(() =>
        attempt(operation, () => {
          checkFile();
          return client.batch(statements, 'write');
        }),
      );
      last = turn.catch(() => undefined);
      return turn;
    },
    async close() {
      await last;
      client.close();
    },
  };
}

async function openFile(url: string, path: string): Promise<Client> {
  const { createClient } = await import('@libsql/client/sqlite3');
  try {
    mkdirSync(dirname(path), { recursive: true });
    // Made by us, so that nobody else may read it.
    closeSync(openSync(path, 'a', 0o600));
    const client = createClient({ url, timeout: 5000 });
    await client.execute('PRAGMA journal_mode = WAL');
    return client;
  } catch (error) {
    throw storeError('open', error);
  }
}

/** The remote client has no deadline of its own: each call gets one. */
async function openRemote(url: string, authToken: string | undefined, deadlineMs: number): Promise<Client> {
  const { createClient } = await import('@libsql/client/http');
  const bounded: typeof fetch = (input, init) =>
    fetch(input, { ...init, redirect: 'error', signal: AbortSignal.timeout(deadlineMs) });
  try {
    return createClient({ url, fetch: bounded, ...(authToken !== undefined && { authToken }) });
  } catch (error) {
    throw storeError('open', error);
  }
}
