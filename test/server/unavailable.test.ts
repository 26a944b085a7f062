import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { createClient } from '@libsql/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../src/engines/libsql/index.js';
import { appOf, type Stage, setStage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage(20);
});
afterAll(() => stage?.close());

const QUERY = '/api/v1/search?q=asked+under+a+lock';

it('under a lock of the store, what writes is refused as busy, without a stack, and what reads is answered', async () => {
  await stage.library.search('asked before', { mode: 'hybrid', limit: 1 });
  const { ask, reports } = appOf(stage.library);
  const { requests } = stage.sandbox.bill();
  const other = createClient({ url: stage.env.TURSO_DATABASE_URL as string });
  const lock = await other.transaction('write');
  try {
    const answer = await ask(QUERY);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    const { code, detail } = (await answer.json()) as { code: string; detail: string };
    expect(code).toBe('busy');
    expect(detail).toMatch(
      /^the store \(claim\): another program holds a lock on the database: wait for it or stop it/,
    );
    expect(reports).toMatchObject([{ why: 'busy' }]);
    expect((await ask('/api/v1/search?q=asked+before')).status).toBe(200);
    expect((await ask(`${QUERY}&mode=text`)).status).toBe(200);
    expect(stage.sandbox.bill().requests).toBe(requests);
  } finally {
    await lock.rollback();
    other.close();
  }
  expect((await ask(QUERY)).status).toBe(200);
}, 30_000);

it('under a lock, searches that buy nothing do not wait for those that buy', async () => {
  await stage.library.search('asked before', { mode: 'hybrid', limit: 1 });
  const { ask } = appOf(stage.library);
  const other = createClient({ url: stage.env.TURSO_DATABASE_URL as string });
  const lock = await other.transaction('write');
  let refused = 0;
  try {
    const buying = Array.from({ length: 8 }, async (_, at) => {
      const { status } = await ask(`/api/v1/search?q=new+under+a+lock+${at}`);
      refused += 1;
      return status;
    });
    for (let round = 0; round < 5; round++) {
      expect((await ask('/api/v1/search?q=asked+before')).status).toBe(200);
      expect((await ask('/api/v1/search?q=asked+before&mode=text')).status).toBe(200);
    }
    expect(refused).toBe(0);
    expect(new Set(await Promise.all(buying))).toEqual(new Set([503]));
  } finally {
    await lock.rollback();
    other.close();
  }
}, 60_000);

it('a catalog that is replaced by something else is not the fault of the request', async () => {
  const catalog = stage.env.DATABASE_URL as string;
  const library = await stage.open(undefined, { DATABASE_URL: `${catalog}.copy` }).catch(() => null);
  expect(library).toBeNull();
  copyFileSync(catalog, `${catalog}.copy`);
  const { ask } = appOf(await stage.open(undefined, { DATABASE_URL: `${catalog}.copy` }));
  expect((await ask('/api/v1/samples/1')).status).toBe(200);
  rmSync(`${catalog}.copy`);
  writeFileSync(`${catalog}.copy`, 'no database at all, but a text. '.repeat(100));
  await expect.poll(async () => (await ask('/api/v1/samples/1')).status, { timeout: 20_000 }).toBe(503);
  const body = (await (await ask('/api/v1/samples/1')).json()) as { code: string; detail: string };
  expect(body).toMatchObject({ code: 'blocked', detail: expect.stringMatching(/is not a SQLite database/) });
}, 60_000);

it('what queries under way may cost counts against the cap only until they are answered', async () => {
  const store = await openStore({ url: stage.env.TURSO_DATABASE_URL as string });
  const { ask, reports } = appOf(await stage.open({ nanos: 100_000_000, setting: '--max-daily-cost' }));
  const attempt = {
    ...{ requestId: 'under way', runId: 'search', batchId: 'b', model: 'm', operation: 'search' as const },
    ...{ boundNanos: 100_000_000, boundTokens: 1, hashes: [] },
  };
  try {
    await store.openAttempts([attempt]);
    const answer = await ask('/api/v1/search?q=asked+meanwhile');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toEqual({
      code: 'cap-reserved',
      detail:
        'other queries under way may use up what is left of --max-daily-cost of $0.1: ask again in a moment, or search by words alone with mode=text',
    });
    await store.withdraw(['under way']);
    expect((await ask('/api/v1/search?q=asked+meanwhile')).status).toBe(200);
    expect(reports).toEqual([]);
  } finally {
    await store.close();
  }
});
