import { createClient as createFileClient } from '@libsql/client';
import { createClient } from '@libsql/client/http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../src/engines/libsql/index.js';
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
  await store.close();
  const client = createClient({ url: sqld.url });
  for (let from = 1; from <= FAILED; from += 4000)
    await client.execute({
      sql: `INSERT INTO embedding_failures (sample_id, reason, message, content_hash, permanent, attempts, run_id, failed_at)
        WITH RECURSIVE ids(id) AS (SELECT ?1 UNION ALL SELECT id + 1 FROM ids WHERE id < ?1 + 3999)
        SELECT id, 'Rejected', ?2 || id, 'h' || id, 1, 1, 'run-1', '2026-11-23T01:00:00.000Z' FROM ids`,
      args: [BigInt(from), MESSAGE],
    });
  client.close();
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

it('an unreadable row is to be corrected, not tried again', async () => {
  const url = `file:${folder.path}/unreadable.db`;
  const store = await openStore({ url });
  await store.migrate();
  await store.close();
  const client = createFileClient({ url });
  const fail = (id: number, reason: string) =>
    client.execute({
      sql: `INSERT INTO embedding_failures (sample_id, reason, message, content_hash, permanent, attempts, run_id, failed_at)
        VALUES (?, ?, 'why', NULL, 0, 0, 'run-1', '2026-11-23T01:00:00.000Z')`,
      args: [id, reason],
    });
  const told = async (): Promise<string> =>
    (await runCli(folder.path, ['failures'], { TURSO_DATABASE_URL: url })).stdout;
  await fail(1, 'Unreadable');
  const alone = await told();
  expect(alone).toContain('corrected in the catalog');
  expect(alone).not.toContain('--failed');
  await fail(2, 'Transient');
  const both = await told();
  expect(both).toContain('corrected in the catalog');
  expect(both).toContain('Try the others again: embeddings generate --failed');
  client.close();
});
