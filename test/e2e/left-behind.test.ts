import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { afterEach, describe, expect, it } from 'vitest';
import { idsOf, judge } from '../support/referee.js';
import { json, type Scene, setScene } from './scene.js';

let scene: Scene;
afterEach(() => scene?.close());

/** Each command brings Temporal up anew. */
const SLOW = { timeout: 180_000 };

const REFUSED = [{ fault: { kind: 'status', status: 401, message: 'User not found' } } as const];

/** A run that has blocked, and no command that is up any more. */
async function blocked(samples: number, env: Record<string, string> = {}) {
  scene = await setScene(samples);
  scene.sandbox.setFaults(REFUSED);
  const run = await scene.run(['--all'], env);
  expect(run.code).toBe(3);
  return run;
}

describe('one-command mode, and no command is up: a run that has blocked', SLOW, () => {
  it('tells commands that work, and no address that is dead by then', async () => {
    const { stdout } = await blocked(200);
    const [, end = ''] = stdout.split('Embedding Generation Summary');
    expect(end).toContain('go on with: embeddings resume');
    expect(end).not.toContain('--resume');
    expect(end).toContain('embeddings cancel');
    expect(end).not.toContain('http://127.0.0.1');
  });

  it('is ended by cancel; another selection is taken afterwards', async () => {
    await blocked(200);
    const other = await scene.run(['--sample-ids', '1-5']);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(
      /^error: a run of all samples is under way, blocked \(.*401.*\): .*embeddings resume, or end it with embeddings cancel\n$/,
    );
    expect(json(await scene.run(['cancel', '--json']))).toEqual({ state: 'cancelled' });
    expect(json(await scene.run(['status', '--json']))).toMatchObject({ state: 'cancelled' });
    scene.sandbox.setFaults([]);
    expect(await scene.run(['--sample-ids', '1-5'])).toMatchObject({ code: 0 });
    expect(scene.sandbox.bill().inputs).toBeLessThanOrEqual(5);
  });

  it('without having bought anything, and whose store is gone, makes way for the next', async () => {
    await blocked(200);
    for (const end of ['', '-wal', '-shm']) rmSync(`${scene.store}${end}`, { force: true });
    const kept = await scene.run(['--resume']);
    expect(kept).toMatchObject({ code: 2, stderr: expect.stringContaining('into another store') });
    scene.sandbox.setFaults([]);
    const run = await scene.run(['--all', '--json']);
    expect(json(run)).toMatchObject({ state: 'completed', stored: 200 });
    expect(run.stderr).toContain('its store is gone: it is ended');
  });

  it('having bought something, and whose store is gone, is kept', async () => {
    scene = await setScene(200, { latencyMs: 100 });
    const run = scene.start(['--all', '--batch-size', '10', '--concurrency', '1']);
    await scene.charged(30);
    scene.sandbox.setFaults(REFUSED);
    expect(await run.done).toMatchObject({ code: 3 });
    rmSync(scene.store);
    const other = await scene.run(['--all']);
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('into another store') });
  });

  it('goes on to its end with resume; cancel, pause and resume then say what there is to do', async () => {
    await blocked(300);
    scene.sandbox.setFaults([]);
    expect(json(await scene.run(['resume', '--json']))).toMatchObject({ state: 'completed', stored: 300 });
    judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
    for (const command of ['cancel', 'pause', 'resume']) {
      const none = await scene.run([command]);
      expect(none.code).toBe(2);
      expect(none.stderr).toMatch(
        /^error: no run is under way: .*embeddings --resume, .*embeddings --all\n$/,
      );
    }
  });

  it('tells whoever asks for the same again that it had blocked, and how to end it', async () => {
    await blocked(200);
    const again = await scene.run(['--all']);
    expect(again.stdout.replace(/\s*│\s*/g, ' ')).toMatch(
      /Run: already under way.*It was: blocked: .*401.*Choice: .*paid for · end it: embeddings cancel/s,
    );
  });

  it('is not worked on by a command with another model, whose choice is told; payloads may be encrypted', async () => {
    const key = { EMBEDDINGS_CODEC_KEY: Buffer.alloc(32, 7).toString('base64') };
    await blocked(200, key);
    scene.sandbox.setFaults([]);
    const today = { ...key, EMBEDDING_DIMENSIONS: '512' };
    const other = await scene.run(['--all'], today);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(
      /1536 dimensions, while today's settings say .*512 dimensions: .*embeddings cancel/,
    );
    const resumed = await scene.run(['--resume'], today);
    expect(resumed.code).toBe(2);
    expect(resumed.stderr).toMatch(
      /while today's settings say .*512 dimensions: go on with it unchanged with embeddings resume, or end it with embeddings cancel\n$/,
    );
    expect(scene.sandbox.bill().inputs).toBe(0);
    expect((await scene.run(['cancel'], today)).code).toBe(0);
    expect(json(await scene.run(['--all', '--json'], today))).toMatchObject({
      state: 'completed',
      stored: 200,
    });
  });

  it('is ended also where no worker can be had', async () => {
    await blocked(200);
    const cut = await scene.run(['cancel'], { OPENROUTER_API_KEY: '' });
    expect(cut).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/without a worker.*OPENROUTER_API_KEY/),
    });
    expect(json(await scene.run(['status', '--json']))).toMatchObject({ state: 'cancelled' });
    scene.sandbox.setFaults([]);
    expect(await scene.run(['--sample-ids', '1-5'])).toMatchObject({ code: 0 });
  });
});

describe('one-command mode, and no command is up: a run that has not blocked', SLOW, () => {
  it('at its cap goes on with resume --max-cost', async () => {
    scene = await setScene(600);
    const capped = await scene.run(['--all', '--max-cost', '0.001']);
    expect(capped).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('embeddings resume --max-cost USD'),
    });
    // Every command says the one that works, and no other.
    for (const command of [['status'], ['pause'], ['--sample-ids', '1-5']]) {
      const { stdout, stderr } = await scene.run(command);
      const said = (stdout + stderr).match(/embeddings (?:--)?resume[^,;)·\n]*/g)?.map((each) => each.trim());
      expect([command, ...new Set(said)]).toEqual([command, 'embeddings resume --max-cost USD']);
    }
    expect(json(await scene.run(['resume', '--max-cost', '1', '--json']))).toMatchObject({
      state: 'completed',
      stored: 600,
    });
  });

  it('is paused after a Ctrl-C; the progress file then says what is stored', async () => {
    scene = await setScene(2000, { latencyMs: 200 });
    const run = scene.start(['--all', '--progress-file', 'progress.json'], { CONCURRENCY: '2' });
    await scene.charged(300);
    run.child.kill('SIGINT');
    expect((await run.done).code).toBe(130);
    const file = JSON.parse(readFileSync(join(scene.path, 'progress.json'), 'utf8'));
    const store = createClient({ url: `file:${scene.store}` });
    const { rows } = await store.execute(
      'SELECT COUNT(*) AS n, MAX(sample_id) AS last FROM sample_embeddings',
    );
    store.close();
    expect(file).toMatchObject({
      stored: rows[0]?.n,
      last_processed_id: rows[0]?.last,
      total_expected: 2000,
      in_flight: 0,
      worker: false,
      total_cost_nanodollars: scene.sandbox.bill().costNanos,
    });
    expect(json(await scene.run(['status', '--json']))).toMatchObject({
      source: 'store',
      worker: false,
      stored: rows[0]?.n,
      total_expected: 2000,
    });
    expect(json(await scene.run(['pause', '--json']))).toMatchObject({ state: 'paused', in_flight: 0 });
    expect(json(await scene.run(['status', '--json']))).toMatchObject({ state: 'paused' });
    expect(json(await scene.run(['resume', '--json']))).toMatchObject({ state: 'completed', stored: 2000 });
    expect(scene.sandbox.bill().boughtTwice).toBe(0);
  });
});

describe('--detach in one-command mode', () => {
  it('returns once its run is under way, so that status --watch finds it', async () => {
    scene = await setScene(600, { latencyMs: 100 });
    expect(await scene.run(['--all', '--detach'], { CONCURRENCY: '1' })).toMatchObject({ code: 0 });
    const watched = await scene.run(['status', '--watch']);
    expect(watched.code).toBe(0);
    const counted = [...watched.stdout.matchAll(/Processed ([\d,]+)\/([\d,]+)/g)].map(
      ([, done = '', all]) => ({
        done: Number(done.replace(',', '')),
        all,
      }),
    );
    expect(new Set(counted.filter(({ done }) => done > 0).map(({ all }) => all))).toEqual(new Set(['600']));
    const done = counted.map((line) => line.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.at(-1)).toBe(600);
  });

  it('ends with the words and the exit code of a run that did not begin', async () => {
    await blocked(200);
    const other = await scene.run(['--sample-ids', '1-5', '--detach']);
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('embeddings cancel') });
  });
});
