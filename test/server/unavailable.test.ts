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
