import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ignoresHangup } from '../../src/commands/until-signal.js';
import { idsOf, judge } from '../support/referee.js';
import { json, type Scene, setScene } from './scene.js';

let scene: Scene;
afterEach(() => scene?.close());

describe('SIGKILL in one-command mode', () => {
  it.each([
    ['the same command', ['--all', '--json']],
    ['--resume', ['--resume', '--json']],
  ])('%s goes on in the same run, and buys nothing twice', async (_, args) => {
    scene = await setScene(1200, { latencyMs: 150 });
    const killed = scene.start(['--all'], { CONCURRENCY: '2' });
    await scene.charged(300);
    killed.child.kill('SIGKILL');
    expect((await killed.done).signal).toBe('SIGKILL');

    const asleep = json(await scene.run(['status', '--json']));
    const again = await scene.run(args);
    expect(again).toMatchObject({ code: 0 });
    expect(json(again)).toMatchObject({ state: 'completed', stored: 1200, failed: 0, run_id: asleep.run_id });
    const bill = scene.sandbox.bill();
    judge(scene.store, idsOf(scene.catalog), bill);
    // The provider's response cache makes the repeat of what was in flight free.
    expect(bill.boughtTwice).toBe(0);
  });

  it('tells where the run stands from durable facts while no worker is up', async () => {
    scene = await setScene(900, { latencyMs: 150 });
    const killed = scene.start(['--all'], { CONCURRENCY: '1' });
    await scene.charged(300);
    killed.child.kill('SIGKILL');
    await killed.done;
    const status = await scene.run(['status', '--json']);
    expect(status.code).toBe(3);
    expect(json(status)).toMatchObject({ source: 'store', worker: false });
    expect(Number(json(status).stored)).toBeGreaterThanOrEqual(200);
  });
});

describe('two commands at once', () => {
  it('the second finds the first, and takes over when it is killed', async () => {
    scene = await setScene(1500, { latencyMs: 600 });
    const first = scene.start(['--all'], { CONCURRENCY: '1' });
    await scene.charged(200);
    const second = scene.start(['--all'], { CONCURRENCY: '1' });
    await second.says('already under way');
    first.child.kill('SIGKILL');
    const { code, stdout } = await second.done;
    expect(code).toBe(0);
    expect(stdout).toContain('1,500');
    const bill = scene.sandbox.bill();
    judge(scene.store, idsOf(scene.catalog), bill);
    expect(bill.boughtTwice).toBe(0);
  });

  it('refuses another request while a run is under way, and says how to end it', async () => {
    scene = await setScene(1500, { latencyMs: 900 });
    const first = scene.start(['--all'], { CONCURRENCY: '1' });
    await scene.charged(100);
    const other = await scene.run(['--sample-ids', '1-5']);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/all samples is under way.*embeddings cancel/);
    expect(await scene.run(['cancel'])).toMatchObject({ code: 0 });
    expect((await first.done).code).toBe(3);
    expect(await scene.run(['--sample-ids', '1-5'])).toMatchObject({ code: 0 });
  });

  it.each<[string, NodeJS.Signals]>([
    ['Ctrl-C', 'SIGINT'],
    // Tests that are started with nohup hand on that SIGHUP is ignored, which is kept to.
    ...(ignoresHangup() ? [] : [['a terminal that closes', 'SIGHUP'] as [string, NodeJS.Signals]]),
  ])('%s lets what is in flight finish, says how to go on, and exits with 130', async (_, signal) => {
    scene = await setScene(1000, { latencyMs: 200 });
    const run = scene.start(['--all'], { CONCURRENCY: '2' });
    await scene.charged(200);
    run.child.kill(signal);
    const { code, stderr } = await run.done;
    expect(code).toBe(130);
    expect(stderr).toContain('embeddings --resume');
    expect(json(await scene.run(['--resume', '--json']))).toMatchObject({ state: 'completed', stored: 1000 });
    expect(scene.sandbox.bill().boughtTwice).toBe(0);
  });
});

describe('pause, resume and a cause that no retry cures', () => {
  it('pauses and goes on in the same run', async () => {
    scene = await setScene(2500, { latencyMs: 300 });
    const run = scene.start(['--all'], { CONCURRENCY: '1' });
    await scene.charged(100);
    expect(await scene.run(['pause'])).toMatchObject({ code: 0 });
    const paused = await run.done;
    expect(paused.code).toBe(3);
    expect(paused.stdout).toContain('paused');
    expect(json(await scene.run(['--resume', '--json']))).toMatchObject({ state: 'completed', stored: 2500 });
  });

  it('blocks when the key is revoked, names the cure, and goes on when asked again', async () => {
    scene = await setScene(1000, { latencyMs: 100 });
    const run = scene.start(['--all'], { CONCURRENCY: '2' });
    await scene.charged(200);
    scene.sandbox.setFaults([{ fault: { kind: 'status', status: 401, message: 'User not found' } }]);
    const before = scene.sandbox.bill().requests;
    const blocked = await run.done;
    expect(blocked.code).toBe(3);
    expect(blocked.stdout).toContain('OPENROUTER_API_KEY');
    expect(scene.sandbox.bill().requests - before).toBeLessThanOrEqual(8);
    scene.sandbox.setFaults([]);
    expect(json(await scene.run(['--all', '--json']))).toMatchObject({
      state: 'completed',
      stored: 1000,
      failed: 0,
    });
    expect(scene.sandbox.bill().boughtTwice).toBe(0);
  });

  it('never spends more than --max-cost, and goes on with a higher one', async () => {
    scene = await setScene(600);
    const capped = await scene.run(['--all', '--max-cost', '0.001', '--json']);
    expect(capped.code).toBe(3);
    expect(scene.sandbox.bill().costNanos).toBeLessThanOrEqual(1_000_000);
    expect(scene.sandbox.bill().costNanos).toBeGreaterThan(0);
    expect(json(await scene.run(['--resume', '--max-cost', '1', '--json']))).toMatchObject({
      state: 'completed',
      stored: 600,
    });
  });
});

describe("SIGKILL of Temporal's own server", () => {
  it('is started again on its file, and the run goes on as if nothing had happened', async () => {
    scene = await setScene(1000, { latencyMs: 150 });
    const run = scene.start(['--all', '--json'], { CONCURRENCY: '2' });
    await scene.charged(200);
    const state = JSON.parse(readFileSync(join(scene.path, '.embeddings', 'temporal.json'), 'utf8'));
    process.kill(state.serverPid, 'SIGKILL');
    const finished = await run.done;
    expect(finished).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error:') });
    expect(json(finished)).toMatchObject({ state: 'completed', stored: 1000, failed: 0 });
    judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
    expect(scene.sandbox.bill().boughtTwice).toBe(0);
  });
});
