import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient, type InStatement } from '@libsql/client/http';
import { afterEach, expect, it } from 'vitest';
import { type BinaryWrites, createBinaryWrites } from '../../src/engines/libsql/binary-writes.js';
import { openStore } from '../../src/engines/libsql/index.js';
import { startSqld } from '../support/sqld.js';
import { batch, row } from './rows.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function sqld() {
  const server = await startSqld();
  ends.push(() => server.stop());
  return server;
}

async function writesTo(url: string, authToken?: string): Promise<BinaryWrites> {
  const writes = createBinaryWrites({ url, authToken, fetch });
  ends.push(() => writes.close());
  for (let waited = 0; !writes.ready() && waited < 250; waited++) await wait(20);
  return writes;
}

/** A way to a server, on which `refuse` decides by path and method what is answered instead, and `seen` what came. */
async function wayTo(target: string, refuse: (path: string, method: string) => number | null) {
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    const { url = '', method = '', headers } = request;
    seen.push(`${method} ${url}`);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const status = refuse(url, method);
    if (status !== null) {
      response.writeHead(status).end();
      return;
    }
    const answer = await fetch(`${target}${url}`, {
      method,
      headers: Object.fromEntries(
        ['content-type', 'authorization'].flatMap((name) => {
          const value = headers[name];
          return typeof value === 'string' ? [[name, value]] : [];
        }),
      ),
      ...(method === 'POST' && { body: Buffer.concat(parts) }),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const TABLE = `CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB, words TEXT NOT NULL, f REAL)`;
const blob = Uint8Array.from({ length: 6144 }, (_, at) => at % 256);
const insert = (id: bigint | number, words: string | null): InStatement => ({
  sql: 'INSERT INTO t VALUES (?, ?, ?, ?)',
  args: [id, blob, words, 0.5],
});
const CASES: Record<string, InStatement[]> = {
  'rows of every type': [
    insert(1n, 'dark\u0000 \u{1f3b9}'),
    { sql: 'INSERT INTO t VALUES ($id, NULL, $words, -1e300)', args: { id: 2n ** 52n, words: 'x' } },
    'SELECT id, b, words, f FROM t ORDER BY id',
  ],
  'what changed': [insert(1n, 'a'), insert(2n, 'b'), 'UPDATE t SET f = 1', 'DELETE FROM t WHERE id = 1'],
  'a constraint': [insert(1n, 'a'), insert(2n, null), insert(3n, 'c')],
  'a table that is not there': [insert(1n, 'a'), 'INSERT INTO nowhere VALUES (1)'],
};

it.each(Object.entries(CASES))(
  'gives and leaves what libSQL’s own client gives and leaves: %s',
  async (_, statements) => {
    const outcome = async (binary: boolean): Promise<unknown> => {
      const { url } = await sqld();
      const own = createClient({ url });
      ends.push(() => own.close());
      await own.execute(TABLE);
      const writes = binary ? await writesTo(url) : own;
      if (binary) expect((writes as BinaryWrites).ready()).toBe(true);
      const results = await (writes as Pick<BinaryWrites, 'batch'>).batch(statements).then(
        (all) =>
          all?.map(({ columns, rows, rowsAffected, lastInsertRowid }) => ({
            columns,
            rows: rows.map((each) => columns.map((__, at) => each[at])),
            rowsAffected,
            lastInsertRowid,
          })),
        (error: Error & { code?: string; statementIndex?: number }) => ({
          name: error.name,
          code: error.code,
          statement: error.statementIndex,
        }),
      );
      const left = (await own.execute('SELECT id, length(b), words, f FROM t ORDER BY id')).rows.map(
        (each) => [...Array.from({ length: 4 }, (__, at) => each[at])],
      );
      return { results, left };
    };
    expect(await outcome(true)).toEqual(await outcome(false));
  },
);

it('writes nothing after a statement that has ended the transaction', async () => {
  const { url } = await sqld();
  const own = createClient({ url });
  ends.push(() => own.close());
  await own.execute(TABLE);
  const writes = await writesTo(url);
  await expect(writes.batch([insert(1n, 'a'), 'COMMIT', insert(2n, 'b')])).rejects.toMatchObject({
    code: 'TRANSACTION_CLOSED',
    statementIndex: 2,
  });
  expect((await own.execute('SELECT id FROM t')).rows.map(({ id }) => id)).toEqual([1]);
});

it('is used by a store for its commits, in one request each', async () => {
  const { url: target } = await sqld();
  const way = await wayTo(target, () => null);
  const store = await openStore({ url: way.url });
  ends.push(() => store.close());
  await store.migrate();
  const posts = (): string[] => way.seen.filter((each) => each.startsWith('POST'));
  // Until the server has said what it takes, JSON does.
  for (let at = 1; at < 100 && !posts().includes('POST /v3-protobuf/pipeline'); at++) {
    await wait(20);
    way.seen.splice(0);
    await store.commit(batch({ batchId: `b${at}`, vectors: [row(at), row(1000 + at)] }));
  }
  expect(posts()).toEqual(['POST /v3-protobuf/pipeline']);
});

it.each([
  ['a server that does not know the form', (path: string) => (path.startsWith('/v3') ? 404 : null)],
  [
    'a proxy that lets the question through and no such content',
    (path: string, method: string) => (path.startsWith('/v3') && method === 'POST' ? 415 : null),
  ],
])('is given up for %s, and nothing is lost', async (_, refuse) => {
  const { url: target } = await sqld();
  const way = await wayTo(target, refuse);
  const store = await openStore({ url: way.url });
  ends.push(() => store.close());
  await store.migrate();
  while (!way.seen.includes('GET /v3-protobuf')) await wait(20);
  await wait(100);
  await store.commit(batch({ vectors: [row(1)] }));
  await store.commit(batch({ batchId: 'b2', vectors: [row(2)] }));
  expect(await store.countVectors()).toBe(2);
  expect(way.seen.filter((each) => each.startsWith('POST /v3')).length).toBeLessThanOrEqual(1);
});

it('is sent with the token, also with one that stands in the address', async () => {
  const tokens = new Set<unknown>();
  const server = createServer((request, response) => {
    if (request.method === 'POST') tokens.add(request.headers.authorization);
    response.writeHead(request.method === 'GET' ? 200 : 401).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const writes = await writesTo(url, 's3cret');
  await expect(writes.batch(['SELECT 1'])).rejects.toThrow();
  const store = await openStore({ url: `${url}/?authToken=0ther` });
  ends.push(() => store.close());
  await expect(store.migrate()).rejects.toThrow(/TURSO_AUTH_TOKEN was refused/);
  expect([...tokens].sort()).toEqual(['Bearer 0ther', 'Bearer s3cret']);
});
