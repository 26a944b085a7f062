import { once } from 'node:events';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { storeError } from '../../src/engines/libsql/errors.js';
import { openStore } from '../../src/engines/libsql/index.js';
import { startSqld, type TestSqld } from '../support/sqld.js';
import { filePlace, lockFor, type Place, seenByOthers } from './places.js';
import { batch, row, vector } from './rows.js';

const COUNT = 'SELECT COUNT(*) AS n FROM sample_embeddings';
const copyOver = (path: string): void => {
  renameSync(path, `${path}.old`);
  writeFileSync(path, '');
};

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
const ending = <T extends Place | { close(): Promise<void> }>(what: T): T => {
  ends.push(() => what.close());
  return what;
};

describe('a file', () => {
  it('is made with its folder, for its owner only', async () => {
    const site = ending(await filePlace());
    const path = join(site.path, '..', 'a b', 'deep', 'store.db');
    await ending(await openStore({ url: `file:${path}` })).migrate();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(seenByOthers(path, 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  });

  it('that another process locks past SQLite’s own wait loses nothing once it is free', async () => {
    const site = ending(await filePlace());
    const store = await site.open(20_000);
    await store.migrate();
    const lock = await lockFor(site.path, 6500);
    const ids = Array.from({ length: 8 }, (_, at) => at + 1);
    await Promise.all(ids.map((id) => store.commit(batch({ batchId: `b${id}`, vectors: [row(id)] }))));
    await lock.released;
    expect(seenByOthers(site.path, COUNT)).toEqual([{ n: 8 }]);
  });

  it('that stays locked gives an error worth retrying, and what is acknowledged afterwards is there', async () => {
    const site = ending(await filePlace());
    const store = await site.open(100);
    await store.migrate();
    const lock = await lockFor(site.path, 7000);
    const refused = await store.commit(batch({ vectors: [row(1)] })).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      name: 'Error',
      message: expect.stringMatching(/^the store \(commit\): .*locked/),
    });
    await lock.released;
    await store.commit(batch({ vectors: [row(2)] }));
    expect(seenByOthers(site.path, 'SELECT sample_id FROM sample_embeddings')).toEqual([{ sample_id: 2 }]);
  });

  it('written by two stores at once ends with every row', async () => {
    const site = ending(await filePlace());
    const stores = [await site.open(20_000), await site.open(20_000)];
    await stores[0]?.migrate();
    await Promise.all(
      stores.flatMap((store, at) =>
        Array.from({ length: 20 }, (_, b) =>
          store.commit(
            batch({
              batchId: `${at}-${b}`,
              vectors: Array.from({ length: 20 }, (_, id) => row(at * 1000 + b * 20 + id + 1)),
            }),
          ),
        ),
      ),
    );
    expect(seenByOthers(site.path, COUNT)).toEqual([{ n: 800 }]);
  });

  it.each([
    ['deleted', (path: string) => rmSync(path)],
    ['replaced', (path: string) => copyOver(path)],
  ])('that was %s while in use stops the run instead of swallowing vectors', async (_how, spoil) => {
    const site = ending(await filePlace());
    const store = await site.open();
    await store.migrate();
    spoil(site.path);
    await expect(store.commit(batch({ vectors: [row(1)] }))).rejects.toMatchObject({
      kind: 'blocked',
      message: expect.stringMatching(/deleted or replaced/),
    });
  });

  it('that is no database is named', async () => {
    const site = ending(await filePlace());
    writeFileSync(
      site.path,
      'not a database, but long enough to be taken for one by its length alone'.repeat(20),
    );
    await expect(site.open()).rejects.toMatchObject({
      name: 'Fault',
      message: expect.stringMatching(/TURSO_DATABASE_URL/),
    });
    expect(readFileSync(site.path, 'utf8')).toMatch(/^not a database/);
  });

  it('whose pages are damaged says so', async () => {
    const site = ending(await filePlace());
    const store = await openStore({ url: site.url });
    await store.migrate();
    await store.commit(
      batch({
        vectors: Array.from({ length: 200 }, (_, at) => ({ ...row(at + 1), vector: vector(at, 1536) })),
      }),
    );
    await store.close();
    seenByOthers(site.path, 'PRAGMA wal_checkpoint(TRUNCATE)');
    const bytes = readFileSync(site.path);
    writeFileSync(site.path, bytes.fill(0xa5, 4096));
    const ids = Array.from({ length: 200 }, (_, at) => at + 1);
    const reading = async () => (await site.open()).storedRows(ids);
    await expect(reading()).rejects.toMatchObject({
      kind: 'blocked',
      message: expect.stringMatching(/damaged/),
    });
  });

  it('where a folder stands is refused with the setting’s name', async () => {
    const site = ending(await filePlace());
    const refused = openStore({ url: `file:${join(site.path, '..')}` });
    await expect(refused).rejects.toMatchObject({
      kind: 'blocked',
      message: expect.stringMatching(/TURSO_DATABASE_URL/),
    });
  });
});

describe('a server', () => {
  const sqld = async (): Promise<TestSqld> => {
    const server = await startSqld();
    ends.push(() => server.stop());
    return server;
  };
  /** Says the same to every request; null: says nothing. */
  const answering = async (status: number | null): Promise<string> => {
    const server: Server = createServer((_request, response) => {
      if (status !== null) response.writeHead(status).end('{"error":"no"}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const storeAt = async (url: string, deadlineMs?: number) =>
    ending(await openStore({ url, authToken: 's3cret', ...(deadlineMs !== undefined && { deadlineMs }) }));

  it('killed while batches are written has every row it acknowledged', async () => {
    const server = await sqld();
    const store = await storeAt(server.url, 5000);
    await store.migrate();
    const acknowledged: number[] = [];
    const commits = Array.from({ length: 200 }, (_, at) =>
      store
        .commit(batch({ batchId: `b${at}`, vectors: [{ ...row(at + 1), vector: vector(at, 1536) }] }))
        .then(() => {
          acknowledged.push(at + 1);
          if (acknowledged.length === 20) return server.kill();
        })
        .catch((error: unknown) => expect(error).toMatchObject({ name: 'Error' })),
    );
    await Promise.all(commits);
    await server.restart();
    const found = (await store.storedRows(Array.from({ length: 200 }, (_, at) => at + 1))).map(
      (each) => each.sampleId,
    );
    expect(acknowledged.length).toBeGreaterThanOrEqual(20);
    expect(acknowledged.length).toBeLessThan(200);
    expect(found).toEqual(expect.arrayContaining(acknowledged));
  });

  it('that is restarting when a run begins is waited for', async () => {
    const server = await sqld();
    const store = await storeAt(server.url);
    await server.kill();
    const migrated = store.migrate();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await server.restart();
    await migrated;
    expect(await store.countVectors()).toBe(0);
  });

  it('that is not there is refused before anything is paid, with the setting’s name', async () => {
    const server = await sqld();
    await server.kill();
    const store = await storeAt(server.url);
    await expect(store.migrate()).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/^TURSO_DATABASE_URL cannot be reached.*ECONNREFUSED/),
    });
    const later = await store.commit(batch({ vectors: [row(1)] })).catch((error: unknown) => error);
    expect(later).toMatchObject({ name: 'Error', message: expect.stringMatching(/ECONNREFUSED/) });
  });

  it('to which six processes write at once takes every row: it checkpoints by the clock, not after commits', async () => {
    const server = await sqld();
    const stores = [await storeAt(server.url)];
    await stores[0]?.migrate();
    while (stores.length < 6) stores.push(await storeAt(server.url));
    const ids = stores.map((_, writer) => Array.from({ length: 400 }, (_, at) => writer * 1000 + at));
    await Promise.all(
      stores.map(async (store, writer) => {
        const own = ids[writer] ?? [];
        for (let at = 0; at < own.length; at += 20) {
          const vectors = own.slice(at, at + 20).map((id) => ({ ...row(id), vector: vector(id, 1536) }));
          await store.commit(batch({ batchId: `b${writer}-${at}`, vectors }));
        }
      }),
    );
    expect(await stores[0]?.countVectors()).toBe(ids.flat().length);
  });

  it.each([401, 403])('that answers %i names the token and does not show it', async (status) => {
    const store = await storeAt(await answering(status));
    await expect(store.migrate()).rejects.toMatchObject({
      kind: 'blocked',
      message: expect.stringMatching(/^(?!.*s3cret).*TURSO_AUTH_TOKEN was refused/),
    });
  });

  // Turso's own words, as an answer and as the error of a statement.
  const BLOCKED =
    'Operation was blocked: SQL write operations are forbidden (writes are blocked, do you need to upgrade your plan?)';
  const error = { message: BLOCKED, code: 'BLOCKED' };
  type Pipeline = { requests: { type: string; batch?: { steps: unknown[] } }[] };
  const inAStatement = ({ requests }: Pipeline) => ({
    baton: null,
    base_url: null,
    results: requests.map(({ type, batch: sent }) => {
      if (type === 'close') return { type: 'ok', response: { type } };
      if (sent === undefined) return { type: 'error', error };
      const step_results = sent.steps.map(() => null);
      const result = { step_results, step_errors: sent.steps.map((_, at) => (at === 0 ? error : null)) };
      return { type: 'ok', response: { type, result } };
    }),
  });
  it.each<[string, number, string, (asked: Pipeline) => unknown]>([
    ['HTTP 403', 403, 'application/json', () => error],
    ['HTTP 403 that is plain', 403, 'text/plain', () => BLOCKED],
    ['an error in a statement', 200, 'application/json', inAStatement],
  ])('whose plan is used up, said by %s, is no matter of the token', async (_how, status, type, answer) => {
    const server = createServer(async (request, response) => {
      if (request.method === 'GET') return void response.writeHead(404).end();
      const asked = JSON.parse(Buffer.concat(await request.toArray()).toString()) as Pipeline;
      const body = answer(asked);
      response.writeHead(status, { 'content-type': type });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    const store = await storeAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    for (const asked of [store.countVectors(), store.commit(batch({ vectors: [row(1)] }))])
      await expect(asked).rejects.toMatchObject({
        kind: 'blocked',
        message: expect.stringMatching(
          /^(?!.*TURSO_AUTH_TOKEN).*plan of the Turso account is used up: raise it/,
        ),
      });
  });

  it.each([500, 502, 503])('that answers %i is worth trying again', async (status) => {
    const store = await storeAt(await answering(status));
    await expect(store.countVectors()).rejects.toMatchObject({
      name: 'Error',
      message: expect.stringMatching(`${status}`),
    });
  });

  it('that says nothing is given up at the deadline, and those who wait behind it too', async () => {
    const store = await storeAt(await answering(null), 300);
    const writes = [1, 2, 3].map((id) => store.commit(batch({ vectors: [row(id)] })));
    const results = await Promise.allSettled(writes);
    expect(results.map((each) => each.status)).toEqual(['rejected', 'rejected', 'rejected']);
    const [first] = results as PromiseRejectedResult[];
    expect(first?.reason.message).toMatch(
      /did not answer in time.*restart it.*SQLD_CHECKPOINT_INTERVAL_S=60/,
    );
  });
});

describe('what libSQL says', () => {
  const said = (code: string, message = code) => Object.assign(new Error(message), { code });
  it.each([
    ['SQLITE_FULL', /the disk is full/],
    ['SQLITE_READONLY', /cannot be written/],
    ['SQLITE_CORRUPT', /damaged/],
    ['SQLITE_NOTADB', /not a database/],
    ['EACCES', /check its permissions and TURSO_DATABASE_URL/],
    ['EROFS', /check its permissions and TURSO_DATABASE_URL/],
    ['ENOSPC', /the disk is full/],
  ])('%s is a fault with its cure', (code, cure) => {
    expect(storeError('commit', said(code))).toMatchObject({
      kind: 'blocked',
      message: expect.stringMatching(cure),
    });
  });

  it.each(['SQLITE_BUSY', 'SQLITE_IOERR', 'SERVER_ERROR', 'ECONNRESET'])('%s passes', (code) => {
    const error = storeError('commit', said(code, 'in batch 401 of 403'));
    expect(error.name).toBe('Error');
    expect(error.message).toMatch(/^the store \(commit\): /);
  });
});
