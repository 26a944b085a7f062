import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient, type Row } from '@libsql/client';
import type { StoreOptions } from '../../src/engines/libsql/connection.js';
import { openStore } from '../../src/engines/libsql/index.js';
import type { Store } from '../../src/engines/store.js';
import { SQLITE_PACKAGE } from '../../src/sqlite.js';
import { startSqld } from '../support/sqld.js';

/** An empty database of one kind, its own for each test. */
export interface Place {
  url: string;
  open(deadlineMs?: number, leaseMs?: number, options?: Pick<StoreOptions, 'clock'>): Promise<Store>;
  /** Around the store, on a connection of its own. */
  sql(statement: string): Promise<Row[]>;
  close(): Promise<void>;
}

function placeAt(url: string, end: () => unknown): Place {
  const stores: Store[] = [];
  let client: Client | null = null;
  return {
    url,
    async open(deadlineMs = 10_000, leaseMs, options = {}) {
      const store = await openStore({
        ...{ url, deadlineMs, ...options },
        ...(leaseMs !== undefined && { leaseMs }),
      });
      stores.push(store);
      return store;
    },
    async sql(statement) {
      client ??= createClient({ url });
      return (await client.execute(statement)).rows;
    },
    async close() {
      for (const store of stores) await store.close();
      client?.close();
      await end();
    },
  };
}

export async function filePlace(): Promise<Place & { path: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-store-'));
  const path = join(folder, 'store.db');
  return { ...placeAt(`file:${path}`, () => rmSync(folder, { recursive: true, force: true })), path };
}

export async function sqldPlace(): Promise<Place> {
  const server = await startSqld();
  return placeAt(server.url, () => server.stop());
}

export const PLACES: [string, () => Promise<Place>][] = [
  ['a file', filePlace],
  ['sqld', sqldPlace],
];

// A second SQLite in THIS process would not see the store's locks: they belong to the process. So, children.
const IN_A_CHILD = `const file = new (require('${SQLITE_PACKAGE}'))(process.argv[1]);`;

/** What another process sees. */
export const seenByOthers = (path: string, statement: string): unknown =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [
        '-e',
        `${IN_A_CHILD} console.log(JSON.stringify(file.prepare(process.argv[2]).all()))`,
        path,
        statement,
      ],
      { encoding: 'utf8' },
    ),
  );

/** Another process takes the write lock and gives it back after `ms`. Resolves once it is held. */
export async function lockFor(path: string, ms: number): Promise<{ released: Promise<unknown> }> {
  const code = `${IN_A_CHILD} file.exec('BEGIN IMMEDIATE'); console.log('held');
    setTimeout(() => { file.exec('ROLLBACK'); file.close(); }, Number(process.argv[2]));`;
  const child = spawn(process.execPath, ['-e', code, path, String(ms)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const released = once(child, 'exit');
  await once(child.stdout, 'data');
  return { released };
}
