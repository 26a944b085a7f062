import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.js';
import { batch, failure } from '../store/rows.js';
import { runCli, temporaryFolder } from '../support/cli.js';
import { startSqld, type TestSqld } from '../support/sqld.js';

const FAILED = 40_000;
/** What a provider says at length: all of it is far more than the 10 MB that a server answers with. */
const MESSAGE = 'too long, "really" '.repeat(18);

// The machine that runs it may be busy.
const LONG_MS = 300_000;

const folder = temporaryFolder();
let sqld: TestSqld;
beforeAll(async () => {
  sqld = await startSqld();
  const store = await openStore({ url: sqld.url });
  await store.migrate();
  for (let from = 1; from <= FAILED; from += 2000) {
    const ids = Array.from({ length: 2000 }, (_, at) => from + at);
    await store.commit(batch({ failures: ids.map((id) => failure(id, `${MESSAGE}${id}`)) }));
  }
  await store.close();
}, LONG_MS);
afterAll(async () => {
  await sqld.stop();
  folder.remove();
});

it('40,000 failures come from a libSQL server as one JSON array, in order', {
  timeout: LONG_MS,
}, async () => {
  const { code, stdout } = await runCli(folder.path, ['failures', '--json'], {
    TURSO_DATABASE_URL: sqld.url,
  });
  expect(code).toBe(1);
  const rows = JSON.parse(stdout) as { sample_id: number; message: string }[];
  expect(rows.map((row) => row.sample_id)).toEqual(Array.from({ length: FAILED }, (_, at) => at + 1));
  expect(rows.at(-1)?.message).toBe(`${MESSAGE}${FAILED}`);
});

it('as a table too, as many as are asked for', { timeout: LONG_MS }, async () => {
  const { code, stdout } = await runCli(folder.path, ['failures', '--limit', '2500'], {
    TURSO_DATABASE_URL: sqld.url,
  });
  expect(code).toBe(1);
  expect(stdout).toContain('37,500 more: embeddings failures --limit 40000');
});

it('none is an empty array', async () => {
  const store = `file:${folder.path}/none.db`;
  const { code, stdout } = await runCli(folder.path, ['failures', '--json'], { TURSO_DATABASE_URL: store });
  expect({ code, stdout }).toEqual({ code: 0, stdout: '[]\n' });
});
