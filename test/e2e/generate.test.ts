import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { idsOf, judge, readStore } from '../support/referee.js';
import { json, type Scene, setScene } from './scene.js';

let scene: Scene;
afterEach(() => scene?.close());

describe('embeddings generate, in one command', () => {
  it('embeds a whole catalog; a second run sends nothing and changes no byte', async () => {
    scene = await setScene(450);
    const first = await scene.run(['--all', '--json', '--progress-file', 'progress.json']);
    expect(first.stderr).not.toContain('error');
    expect(first).toMatchObject({ code: 0 });
    const facts = judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
    expect(json(first)).toMatchObject({
      state: 'completed',
      stored: 450,
      failed: 0,
      total_cost_nanodollars: facts.settledNanos,
    });
    const progress = JSON.parse(readFileSync(join(scene.path, 'progress.json'), 'utf8'));
    expect(progress).toMatchObject({
      total_processed: 450,
      failures: [],
      total_cost_usd: facts.settledNanos / 1e9,
    });

    const { requests } = scene.sandbox.bill();
    const second = await scene.run(['--all', '--json']);
    expect(json(second)).toMatchObject({ stored: 0, unchanged: 450, requests: 0, total_cost_usd: 0 });
    expect(scene.sandbox.bill().requests).toBe(requests);
    expect(readStore(scene.store).facts.digest).toBe(facts.digest);
  });

  it('buys identical texts once, and only what has changed afterwards, in full batches', async () => {
    scene = await setScene(300);
    const db = new Database(scene.catalog);
    db.exec(
      "UPDATE samples SET title = 'Same', genre = NULL, bpm = NULL, musical_key = NULL, tags = NULL WHERE id % 3 = 0",
    );
    db.exec('DELETE FROM vibe_analyses WHERE sample_id % 3 = 0');
    expect(await scene.run(['--all', '--batch-size', '10'])).toMatchObject({ code: 0 });
    judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
    expect(scene.sandbox.bill().boughtTwice).toBe(0);

    const before = scene.sandbox.bill();
    const changed = db
      .prepare("UPDATE samples SET title = title || ' (edit)' WHERE id % 15 = 1")
      .run().changes;
    db.close();
    expect(await scene.run(['--all', '--batch-size', '10'])).toMatchObject({ code: 0 });
    const after = scene.sandbox.bill();
    expect(after.inputs - before.inputs).toBe(changed);
    expect(after.requests - before.requests).toBe(Math.ceil(changed / 10));
  });

  it('takes ids and ranges, and --reset buys the selection anew', async () => {
    scene = await setScene(200);
    const all = idsOf(scene.catalog);
    const wanted = all.filter((id) => id === 1 || id === 5 || (id >= 10 && id <= 20) || id >= 100);
    const run = await scene.run(['--sample-ids', '1,5,10-20,100-1000000000', '--json']);
    expect(run.code).toBe(0);
    judge(scene.store, wanted, scene.sandbox.bill());
    const before = scene.sandbox.bill().inputs;
    const again = await scene.run(['--reset', '--sample-ids', '10-20', '--json']);
    expect(json(again)).toMatchObject({ stored: 11, unchanged: 0 });
    // The response cache may make it free; what matters is that it was asked for.
    expect(readStore(scene.store).facts.ids).toEqual(wanted);
    expect(scene.sandbox.bill().inputs).toBeGreaterThanOrEqual(before);
  });

  it('takes over what the old script stored, without paying, where the text is still the same', async () => {
    scene = await setScene(120);
    expect(await scene.run(['--all'])).toMatchObject({ code: 0 });
    const { vectors } = readStore(scene.store);
    const old = join(scene.path, 'old.db');
    const db = new Database(old);
    db.exec(`CREATE TABLE sample_embeddings (sample_id INTEGER PRIMARY KEY, vibe_vector BLOB NOT NULL,
      embedding_source TEXT, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
      CREATE INDEX idx_sample_embeddings_created ON sample_embeddings(created_at);`);
    const insert = db.prepare(
      'INSERT INTO sample_embeddings (sample_id, vibe_vector, embedding_source) VALUES (?, ?, ?)',
    );
    for (const row of vectors.slice(0, 100))
      insert.run(
        row.sample_id,
        row.vibe_vector,
        row.sample_id % 10 === 0 ? 'another text' : row.embedding_source,
      );
    const stale = vectors.slice(0, 100).filter((row) => row.sample_id % 10 === 0).length;
    db.close();
    const run = await scene.run(['--all', '--json'], { TURSO_DATABASE_URL: `file:${old}` });
    expect(json(run)).toMatchObject({ unchanged: 100 - stale, stored: 20 + stale });
    expect(readStore(old).vectors).toEqual(vectors);
  });

  it('fails one poisoned sample with its reason, stores all others, and does not send it again until it changes', async () => {
    scene = await setScene(230, {
      faults: [{ fault: { kind: 'status', status: 400, message: 'cannot embed this' }, contains: 'POISON' }],
    });
    const db = new Database(scene.catalog);
    const [, , third] = idsOf(scene.catalog);
    db.prepare("UPDATE samples SET title = 'POISON' WHERE id = ?").run(third);
    const run = await scene.run(['--all', '--json']);
    expect(run).toMatchObject({ code: 1 });
    expect(json(run)).toMatchObject({ stored: 229, failed: 1 });
    const facts = judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
    expect(facts.failed).toEqual([third]);
    const failures = await scene.run(['failures', '--json']);
    expect(JSON.parse(failures.stdout)).toMatchObject([
      { sample_id: third, reason: 'Rejected', permanent: true },
    ]);
    const { requests } = scene.sandbox.bill();
    expect(json(await scene.run(['--all', '--json']))).toMatchObject({ unchanged: 229, failed: 1 });
    expect(scene.sandbox.bill().requests).toBe(requests);
    db.prepare("UPDATE samples SET title = 'Sound' WHERE id = ?").run(third);
    db.close();
    const cured = await scene.run(['generate', '--failed', '--json']);
    expect(json(cured)).toMatchObject({ stored: 1, failed: 0 });
    expect(judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill()).failed).toEqual([]);
  });

  it('embeds hostile rows with what is sound in them, or fails them with a reason', async () => {
    scene = await setScene(40);
    const ids = idsOf(scene.catalog);
    const db = new Database(scene.catalog);
    const set = (index: number, column: string, value: unknown): void => {
      db.prepare(`UPDATE samples SET ${column} = ? WHERE id = ?`).run(value, ids[index]);
    };
    set(0, 'tags', '{bad');
    set(1, 'bpm', 'fast');
    set(2, 'title', 'a\0b');
    set(3, 'title', '');
    set(4, 'title', '🎹 \u202e عربي');
    set(5, 'tags', '["\\ud800"]');
    set(6, 'title', 'x '.repeat(500_000));
    set(7, 'tags', '{"a":1}');
    set(8, 'bpm', 1e308);
    db.close();
    const run = await scene.run(['--all', '--json']);
    expect(run).toMatchObject({ code: 1 });
    const facts = judge(scene.store, ids, scene.sandbox.bill());
    expect(facts.failed).toEqual([ids[6]]);
  });

  it('counts a dry run exactly, sends nothing, needs no key and leaves no store behind', async () => {
    scene = await setScene(150);
    const dry = await scene.run(['--dry-run', '--all', '--json'], { OPENROUTER_API_KEY: '' });
    expect(dry.code).toBe(0);
    expect(scene.sandbox.bill().requests).toBe(0);
    const estimate = json(dry);
    expect(estimate).toMatchObject({
      total_samples: 150,
      to_embed: 150,
      unchanged: 0,
      price_source: 'provider',
    });
    expect(await scene.run(['--all'])).toMatchObject({ code: 0 });
    const bill = scene.sandbox.bill();
    expect(estimate.total_tokens).toBe(bill.tokens);
    expect(estimate.total_cost_nanodollars).toBe(bill.costNanos);
    expect(json(await scene.run(['--dry-run', '--all', '--json']))).toMatchObject({
      to_embed: 0,
      unchanged: 150,
      total_cost_usd: 0,
    });
  });

  it('writes no secret anywhere', async () => {
    scene = await setScene(60);
    const run = await scene.run(['--all']);
    expect(run.stdout + run.stderr).not.toContain('sk-canary');
    for (const file of [
      'store.db',
      'store.db-wal',
      '.embeddings/temporal.db',
      '.embeddings/temporal.db-wal',
      '.embeddings/worker.log',
    ])
      expect(readFile(join(scene.path, file)), file).not.toContain('sk-canary');
  });
});

const readFile = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};
