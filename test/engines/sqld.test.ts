import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/engines/libsql/index.js';
import type { Store } from '../../src/engines/store.js';
import { startSqld, type TestSqld } from '../support/sqld.js';
import { batch, run, vectorRow } from './scene.js';

describe('a store on a server', () => {
  let server: TestSqld;
  let store: Store;
  beforeEach(async () => {
    server = await startSqld();
    store = await openStore({ url: server.url });
    await store.migrate();
  });
  afterEach(async () => {
    await store.close();
    await server.stop();
  });

  it('goes on after the server was killed and came back; what it acknowledged is there', async () => {
    await store.saveRun(run());
    await store.commit(batch({ vectors: [vectorRow(1)] }));
    await server.kill();
    const lost = await store.commit(batch({ vectors: [vectorRow(2)] })).catch((error: unknown) => error);
    // Worth trying again: nobody has to cure it.
    expect(lost).toBeInstanceOf(Error);
    expect((lost as Error).name).toBe('Error');
    expect(String(lost)).toMatch(
      /the store \(commit\): .*check that it is up, then try again \(.*ECONNREFUSED/,
    );
    await server.restart();
    expect(await store.countVectors()).toBe(1);
    await store.commit(batch({ vectors: [vectorRow(2)] }));
    expect((await store.storedRows([1, 2])).length).toBe(2);
    expect((await store.latestRun())?.totals.stored).toBe(2);
  });

  it('is not contacted by opening; migrating says when nothing answers', async () => {
    await server.kill();
    const other = await openStore({ url: server.url });
    await expect(other.migrate()).rejects.toMatchObject({
      name: 'Fault',
      kind: 'usage',
      message: expect.stringContaining('cannot be reached'),
    });
    await expect(other.latestRun()).rejects.toThrow();
    await other.close();
  });
});

describe('a server that answers otherwise', () => {
  const answering = async (status: number | null, check: (store: Store) => Promise<void>): Promise<void> => {
    const server = createServer((request, response) => {
      request.resume();
      if (status !== null) response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('no');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const store = await openStore({ url, authToken: 's3cret', deadlineMs: 300 });
    try {
      await check(store);
      await store.close();
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };

  it.each([401, 403, 404])('HTTP %d needs a person', async (status) => {
    await answering(status, async (store) => {
      const error = await store.countVectors().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'Fault', kind: 'blocked' });
      expect(String(error)).not.toContain('s3cret');
    });
  });

  it.each([500, 503, 307])('HTTP %d is worth trying again', async (status) => {
    await answering(status, async (store) => {
      await expect(store.countVectors()).rejects.toMatchObject({ name: 'Error' });
    });
  });

  it('a server that never answers meets the deadline, and so does who waits behind it', async () => {
    await answering(null, async (store) => {
      const both = await Promise.allSettled([
        store.commit(batch({ vectors: [vectorRow(1)] })),
        store.commit(batch({ vectors: [vectorRow(2)] })),
      ]);
      expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    });
  });
});
