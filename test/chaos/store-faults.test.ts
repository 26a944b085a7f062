import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { json } from '../e2e/scene.js';
import { idsOf, judge } from '../support/referee.js';
import { startSqld } from '../support/sqld.js';
import { type Site, setSite } from './site.js';
import { SMALL, smallDisk } from './small-disk.js';

let site: Site;
afterEach(() => site?.close());

describe('the disk of EMBEDDINGS_HOME', () => {
  it('full in the middle of a run: says so with the cure, and the run goes on once there is room', async (test) => {
    site = await setSite({ samples: 600, sandbox: { latencyMs: 400 } });
    const home = join(site.path, 'disk');
    const disk = smallDisk(home);
    if (disk === null) return test.skip('no right to mount a small disk');
    site.later(() => disk.unmount());
    const env = { EMBEDDINGS_HOME: home, BATCH_SIZE: '10', CONCURRENCY: '1' };
    const run = site.start(['--all', '--json'], env);
    await site.until(() => site.sandbox.bill().requests > 1);
    const ballast = join(home, 'ballast');
    expect(() => writeFileSync(ballast, Buffer.alloc(SMALL))).toThrow(/ENOSPC/);
    await run.says(/No worker answers at this Temporal: the disk of .*temporal\.db is full\. Make room/);
    rmSync(ballast);
    expect(disk.remount('size=64m')).toBe(true);
    const done = await run.done;
    expect(done.code).toBe(0);
    expect(json(done)).toMatchObject({ state: 'completed', stored: 600, failed: 0 });
  }, 300_000);
});

describe('the disk of the store', () => {
  it('full in the middle of a run: blocks, says so, and goes on in the same run once there is room', async (test) => {
    site = await setSite({ samples: 600 });
    const folder = join(site.path, 'disk');
    const disk = smallDisk(folder);
    if (disk === null) return test.skip('no right to mount a small disk');
    site.later(() => disk.unmount());
    const ballast = join(folder, 'ballast');
    writeFileSync(ballast, Buffer.alloc(SMALL - 3_000_000));
    const env = { TURSO_DATABASE_URL: `file:${join(folder, 'store.db')}` };
    const blocked = await site.run(['--all', '--json'], env);
    expect(blocked.code).toBe(3);
    expect(json(blocked)).toMatchObject({ state: 'blocked', failed: 0 });
    expect(json(blocked).reason).toMatch(/the disk is full: make room, then embeddings resume/);
    expect(json(blocked).stored).not.toBe(600);
    rmSync(ballast);
    expect(disk.remount('size=32m')).toBe(true);
    const done = json(await site.run(['--resume', '--json'], env));
    expect(done).toMatchObject({ state: 'completed', failed: 0, run_id: json(blocked).run_id });
    judge(join(folder, 'store.db'), idsOf(site.catalog), site.sandbox.bill());
  });

  it('read-only from the start: refused with the setting, nothing is sent', async (test) => {
    site = await setSite({ samples: 20 });
    const folder = join(site.path, 'disk');
    const disk = smallDisk(folder);
    if (disk === null) return test.skip('no right to mount a small disk');
    site.later(() => disk.unmount());
    expect(disk.remount('ro')).toBe(true);
    const env = { TURSO_DATABASE_URL: `file:${join(folder, 'store.db')}` };
    const { code, stderr } = await site.run(['--all'], env);
    expect(stderr).toMatch(/cannot be written: check its permissions and TURSO_DATABASE_URL/);
    expect(code).toBe(2);
    expect(site.sandbox.bill().requests).toBe(0);
  });
});

describe('the file of the store', () => {
  it('deleted in the middle of a run: noticed, nothing is bought into nowhere', {
    timeout: 150_000,
  }, async () => {
    site = await setSite({ samples: 1000 });
    site.gate.hold('answer');
    const run = site.start(['--all', '--json'], { CONCURRENCY: '1' });
    await site.gate.held(1);
    for (const suffix of ['', '-wal', '-shm']) rmSync(site.store + suffix, { force: true });
    await site.gate.open();
    const blocked = await run.done;
    expect(blocked.code).toBe(3);
    expect(json(blocked)).toMatchObject({ state: 'blocked', stored: 0 });
    expect(json(blocked).reason).toMatch(/store\.db was deleted or replaced while it was in use/);
    // One request at a time, and as many batches as the window had made ready.
    expect(site.sandbox.bill().requests).toBeLessThanOrEqual(3);
    expect(existsSync(site.store)).toBe(false);
    // A run belongs to its store: into a new one another begins.
    expect(await site.run(['--resume', '--json'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('end it with embeddings cancel'),
    });
    expect(await site.run(['cancel'])).toMatchObject({ code: 0 });
    const again = json(await site.run(['--all', '--json']));
    expect(again).toMatchObject({ state: 'completed', stored: 1000, failed: 0 });
  });
});

describe('a libSQL server', () => {
  /** Stands before the server: may refuse, or lose the answer to a commit that was carried out. */
  async function between(url: string) {
    const state = { refuse: 0, loseCommits: 0, lost: 0 };
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      if (state.refuse > 0) return void response.writeHead(state.refuse).end('{"error":"jwt expired"}');
      const answer = await fetch(url + request.url, {
        method: request.method ?? 'GET',
        headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
        ...(request.method === 'POST' && { body }),
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (state.lost < state.loseCommits && body.includes('INSERT INTO sample_embeddings')) {
        state.lost += 1;
        return void response.destroy();
      }
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'application/json',
      });
      response.end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    site.later(() => {
      server.closeAllConnections();
      server.close();
    });
    return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  const rows = async (url: string, sql: string): Promise<unknown[]> => {
    const { createClient } = await import('@libsql/client/http');
    const client = createClient({ url });
    const { rows: found } = await client.execute(sql);
    client.close();
    return found.map((row) => Number(Object.values(row)[0]));
  };

  it('that loses the answers to commits it carried out: each row once, each request paid and booked once', async () => {
    site = await setSite({ samples: 300 });
    const sqld = await startSqld();
    site.later(() => sqld.stop());
    const server = await between(sqld.url);
    server.state.loseCommits = 3;
    const run = await site.run(['--all', '--json'], { TURSO_DATABASE_URL: server.url });
    const bill = site.sandbox.bill();
    expect(json(run)).toMatchObject({
      state: 'completed',
      stored: 300,
      failed: 0,
      requests: 3,
      total_cost_nanodollars: bill.costNanos,
    });
    expect(server.state.lost).toBe(3);
    expect(bill).toMatchObject({ requests: 3, boughtTwice: 0 });
    expect(await rows(sqld.url, 'SELECT sample_id FROM sample_embeddings ORDER BY 1')).toEqual(
      idsOf(site.catalog),
    );
    expect(
      await rows(sqld.url, "SELECT SUM(total_cost_nanos) FROM api_usage WHERE status = 'settled'"),
    ).toEqual([bill.costNanos]);
    expect(await rows(sqld.url, 'SELECT stored FROM embedding_runs')).toEqual([300]);
  });

  it('that refuses the token in the middle of a run: blocks with the cure, and goes on with a good one', async () => {
    site = await setSite({ samples: 500 });
    const sqld = await startSqld();
    site.later(() => sqld.stop());
    const server = await between(sqld.url);
    const env = { TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: 'tt-canary', CONCURRENCY: '1' };
    site.gate.hold('answer');
    const run = site.start(['--all', '--json'], env);
    await site.gate.held(1);
    server.state.refuse = 401;
    await site.gate.open();
    const blocked = await run.done;
    expect(blocked.code).toBe(3);
    expect(json(blocked)).toMatchObject({ state: 'blocked' });
    expect(json(blocked).reason).toMatch(/TURSO_AUTH_TOKEN was refused: make a new one/);
    expect(blocked.stdout + blocked.stderr).not.toContain('tt-canary');
    server.state.refuse = 0;
    const done = json(await site.run(['--resume', '--json'], env));
    expect(done).toMatchObject({ state: 'completed', failed: 0, run_id: json(blocked).run_id });
    expect(await rows(sqld.url, 'SELECT sample_id FROM sample_embeddings ORDER BY 1')).toEqual(
      idsOf(site.catalog),
    );
  });
});
