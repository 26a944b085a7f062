import { copyFileSync, renameSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { DEMO_SCHEMA, demoSamples } from '../../src/local/demo-catalog/index.js';
import { Database } from '../../src/sqlite.js';
import { json } from '../e2e/scene.js';
import { postgresQuery, startPostgres } from '../support/postgres.js';
import { idsOf, judge, readStore } from '../support/referee.js';
import { type Site, setSite } from './site.js';

const ROWS = 'SELECT COUNT(*) FROM sample_embeddings';

let site: Site;
afterEach(() => site?.close());

describe('a catalog that changes under a run', () => {
  it('a row edited after it was read is embedded by the next run; one deleted meanwhile is counted as such', async () => {
    site = await setSite({ samples: 500 });
    const ids = idsOf(site.catalog);
    const [read = 0] = ids;
    const [unread = 0, gone = 0] = ids.slice(-2);
    site.gate.hold('answer');
    const run = site.start(['--all', '--batch-size', '50', '--json'], { CONCURRENCY: '1' });
    await site.gate.held(1);
    // What was planned within the last ten seconds is not read again.
    await wait(10_000);
    const db = new Database(site.catalog);
    db.prepare("UPDATE samples SET title = 'Edited' WHERE id IN (?, ?)").run(read, unread);
    db.prepare('DELETE FROM vibe_analyses WHERE sample_id = ?').run(gone);
    db.prepare('DELETE FROM samples WHERE id = ?').run(gone);
    db.close();
    await site.gate.open();
    const first = await run.done;
    expect(first.code).toBe(1);
    expect(json(first)).toMatchObject({ total_selected: 500, stored: 499, failed: 1 });
    expect(json(first).failures).toMatchObject([{ sample_id: gone, reason: 'Deleted' }]);
    const textOf = (id: number): string | undefined =>
      readStore(site.store).vectors.find((row) => row.sample_id === id)?.embedding_source;
    expect(textOf(unread)).toContain('Title: Edited');
    expect(textOf(read)).not.toContain('Title: Edited');

    const before = site.sandbox.bill().inputs;
    expect(json(await site.run(['--all', '--json']))).toMatchObject({ stored: 1, unchanged: 498, failed: 0 });
    expect(textOf(read)).toContain('Title: Edited');
    expect(site.sandbox.bill().inputs - before).toBe(1);
  });

  it('a file that is replaced under a run: every read is of the new one', async () => {
    site = await setSite({ samples: 300 });
    const next = `${site.catalog}.next`;
    copyFileSync(site.catalog, next);
    const copy = new Database(next);
    copy.exec("UPDATE samples SET title = 'New ' || id");
    copy.exec("INSERT INTO samples (id, title) SELECT id + 1000000, 'Added ' || id FROM samples LIMIT 40");
    copy.close();
    site.gate.hold('answer');
    const run = site.start(['--all', '--batch-size', '50', '--json'], { CONCURRENCY: '1' });
    await site.gate.held(1);
    await wait(10_000);
    renameSync(next, site.catalog);
    await site.gate.open();
    expect(json(await run.done)).toMatchObject({ state: 'completed', failed: 0 });
    const again = json(await site.run(['--all', '--prune', '--json']));
    expect(again).toMatchObject({ state: 'completed', failed: 0, pruned: 0 });
    expect(site.number(ROWS)).toBe(340);
    expect(
      site.number("SELECT COUNT(*) FROM sample_embeddings WHERE embedding_source LIKE 'Title: New %'"),
    ).toBe(300);
    judge(site.store, idsOf(site.catalog), site.sandbox.bill());
  });

  it('a field that is gone: the run stops and asks, and goes on when told to', async () => {
    site = await setSite({ samples: 60 });
    expect(json(await site.run(['--all', '--json']))).toMatchObject({ stored: 60 });
    const db = new Database(site.catalog);
    db.exec('ALTER TABLE samples RENAME COLUMN genre TO style');
    db.close();
    const bought = site.sandbox.bill().inputs;
    const refused = await site.run(['--all', '--json']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/no column samples\.genre any more .*--accept-shape/);
    expect(site.sandbox.bill().inputs).toBe(bought);
    const dry = await site.run(['--all', '--dry-run']);
    expect(dry.stdout).toMatch(/A run would not begin: .*samples\.genre/);
    expect(json(await site.run(['--all', '--accept-shape', '--json']))).toMatchObject({ state: 'completed' });
    expect(json(await site.run(['--all', '--json']))).toMatchObject({ state: 'completed', unchanged: 60 });
  });

  it('a row that the database cannot give: that sample fails, all others are embedded', async () => {
    site = await setSite({ samples: 60 });
    const db = new Database(site.catalog);
    const [bad = 0] = idsOf(site.catalog).slice(30);
    db.exec('ALTER TABLE samples RENAME TO tracks');
    db.prepare("UPDATE tracks SET tags = '[' WHERE id = ?").run(bad);
    db.exec(
      "CREATE VIEW samples AS SELECT id, title, genre, bpm, musical_key, json_extract(tags, '$') AS tags FROM tracks",
    );
    db.close();
    const run = await site.run(['--all', '--json']);
    expect(run.code).toBe(1);
    expect(json(run)).toMatchObject({ state: 'completed', stored: 59, failed: 1 });
    expect(json(run).failures).toMatchObject([
      { sample_id: bad, reason: 'Unreadable', message: expect.stringMatching(/tags: malformed JSON/) },
    ]);
    const mend = new Database(site.catalog);
    mend.prepare("UPDATE tracks SET tags = '[]' WHERE id = ?").run(bad);
    mend.close();
    expect(json(await site.run(['--all', '--json']))).toMatchObject({ stored: 1, failed: 0 });
  });

  it('locked by another process for a while: the run ends as if nothing had happened', async () => {
    site = await setSite({ samples: 600 });
    site.gate.hold('answer');
    const run = site.start(['--all', '--batch-size', '50', '--json'], { CONCURRENCY: '1' });
    await site.gate.held(1);
    const lock = new Database(site.catalog, { timeout: 10_000 });
    lock.exec('BEGIN EXCLUSIVE');
    await site.gate.open();
    // What had been read is stored; what comes next waits for the lock.
    await site.until(() => site.number(ROWS) >= 150);
    const stored = site.number(ROWS);
    expect(stored).toBeLessThan(600);
    lock.exec('ROLLBACK');
    lock.close();
    expect(json(await run.done)).toMatchObject({ state: 'completed', stored: 600, failed: 0 });
    judge(site.store, idsOf(site.catalog), site.sandbox.bill());
    expect(site.sandbox.bill().boughtTwice).toBe(0);
  });

  it('PostgreSQL restarted in the middle of a run: the run ends as if nothing had happened', async () => {
    site = await setSite({ samples: 10 });
    const postgres = await startPostgres();
    site.later(() => postgres.stop());
    const url = await postgres.createDatabase('library');
    for (const statement of DEMO_SCHEMA) await postgresQuery(url, statement);
    const rows = [...demoSamples({ samples: 300 })].map(({ sample }) => sample);
    await postgresQuery(
      url,
      `INSERT INTO samples (id, title, bpm) SELECT * FROM
        unnest($1::bigint[], $2::text[], $3::float8[])`,
      [rows.map(({ id }) => id), rows.map(({ title }) => title), rows.map(({ bpm }) => bpm)],
    );
    site.gate.hold('answer');
    const env = { DATABASE_URL: url, CONCURRENCY: '1' };
    const run = site.start(['--all', '--batch-size', '20', '--json'], env);
    await site.gate.held(1);
    await postgres.restart(() => site.gate.open());
    expect(json(await run.done)).toMatchObject({ state: 'completed', stored: 300, failed: 0 });
    expect(site.sandbox.bill().boughtTwice).toBe(0);
  });
});

describe('a selection', () => {
  it('of 1-1000000000 over 500 rows reads those rows, not the range', async () => {
    site = await setSite({ samples: 500 });
    const run = json(await site.run(['--sample-ids', '1-1000000000', '--json']));
    expect(run).toMatchObject({ state: 'completed', total_selected: 500, stored: 500, requests: 5 });
    judge(site.store, idsOf(site.catalog), site.sandbox.bill());
  });

  it('that overlaps an earlier one pays for what that one left out, and is refused while that one runs', async () => {
    site = await setSite({ samples: 300 });
    site.gate.hold('answer');
    const first = site.start(['--sample-ids', '1-200', '--json'], { CONCURRENCY: '1' });
    await site.gate.held(1);
    const meanwhile = await site.run(['--sample-ids', '100-1000']);
    expect(meanwhile.code).toBe(2);
    expect(meanwhile.stderr).toMatch(/a run of samples 1-200 is under way/);
    await site.gate.open();
    expect(json(await first.done)).toMatchObject({ state: 'completed', failed: 0 });
    const second = json(await site.run(['--sample-ids', '100-1000', '--json']));
    expect(second).toMatchObject({ state: 'completed', failed: 0 });
    expect(Number(second.unchanged)).toBeGreaterThan(0);
    judge(site.store, idsOf(site.catalog), site.sandbox.bill());
    expect(site.sandbox.bill().boughtTwice).toBe(0);
  });
});
