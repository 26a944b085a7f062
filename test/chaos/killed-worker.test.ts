import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { json } from '../e2e/scene.js';
import { idsOf, judge, readStore } from '../support/referee.js';
import { type Site, setSite } from './site.js';
import { startTemporal } from './temporal.js';
import { startWire } from './wire.js';

const ROWS = 'SELECT COUNT(*) FROM sample_embeddings';
const COMPLETED = { state: 'completed', failed: 0 };

let temporal: TestWorkflowEnvironment;
beforeAll(async () => {
  temporal = await startTemporal(['before', 'between', 'after', 'zombie', 'woken', 'drain']);
});
afterAll(() => temporal?.teardown());

/** One batch, and a provider that charges for whatever is sent again. */
async function siteIn(namespace: string, samples: number, test: TestContext): Promise<Site> {
  const site = await setSite({
    samples,
    cache: false,
    env: { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: namespace, CONCURRENCY: '1' },
  });
  // The context's own: tests that run at the same time share the imported one.
  test.onTestFinished(() => site.close());
  return site;
}

// At the same time: each waits out the heartbeat of a worker that is gone.
describe.concurrent('a worker killed', () => {
  it('before the answer: another sends the batch, nothing was charged twice', async (test) => {
    const site = await siteIn('before', 100, test);
    site.gate.hold('request');
    const worker = site.start(['worker']);
    const run = site.start(['--all', '--json']);
    await site.gate.held(1);
    worker.child.kill('SIGKILL');
    await worker.done;
    await site.gate.open();
    site.start(['worker']);
    expect(json(await run.done)).toMatchObject({ ...COMPLETED, stored: 100 });
    const facts = judge(site.store, idsOf(site.catalog), site.sandbox.bill());
    expect(site.sandbox.bill().boughtTwice).toBe(0);
    expect(facts.uncertain).toBe(1);
  });

  it('after the answer, before the commit: only what was in flight is bought again, and booked uncertain', async (test) => {
    const site = await siteIn('between', 100, test);
    site.gate.hold('answer');
    const worker = site.start(['worker']);
    const run = site.start(['--all', '--json']);
    await site.gate.held(1);
    const lock = new Database(site.store);
    lock.exec('BEGIN IMMEDIATE');
    await site.gate.open();
    worker.child.kill('SIGKILL');
    await worker.done;
    lock.exec('ROLLBACK');
    lock.close();
    expect(site.number(ROWS)).toBe(0);
    site.start(['worker']);
    expect(json(await run.done)).toMatchObject({ ...COMPLETED, stored: 100 });
    const facts = judge(site.store, idsOf(site.catalog), site.sandbox.bill());
    expect(facts.uncertain).toBe(1);
    expect(site.sandbox.bill()).toMatchObject({ requests: 2, boughtTwice: site.gate.sent[0]?.length });
  });

  it('after the commit, before the report: the retry sends nothing and reports the same', async (test) => {
    const site = await siteIn('after', 100, test);
    const wire = await startWire(temporal.address);
    site.later(() => wire.close());
    site.gate.hold('answer');
    const worker = site.start(['worker'], { TEMPORAL_ADDRESS: wire.address });
    const run = site.start(['--all', '--json']);
    await site.gate.held(1);
    wire.freeze();
    await site.gate.open();
    await site.until(() => site.number(ROWS) === 100);
    worker.child.kill('SIGKILL');
    await worker.done;
    site.start(['worker']);
    const bill = site.sandbox.bill();
    expect(json(await run.done)).toMatchObject({
      ...COMPLETED,
      stored: 100,
      requests: 1,
      total_cost_nanodollars: bill.costNanos,
    });
    const facts = judge(site.store, idsOf(site.catalog), bill);
    expect(facts).toMatchObject({ uncertain: 0, settledNanos: bill.costNanos });
    expect(site.sandbox.bill().requests).toBe(1);
  });

  it('by SIGSTOP and woken after a later run: overwrites nothing that is newer', async (test) => {
    const site = await siteIn('zombie', 50, test);
    const wire = await startWire(temporal.address);
    site.later(() => wire.close());
    site.gate.hold('answer');
    const zombie = site.start(['worker'], { TEMPORAL_ADDRESS: wire.address });
    const first = site.start(['--all', '--json']);
    await site.gate.held(1);
    zombie.child.kill('SIGSTOP');
    // Its open polls would swallow tasks of the runs that follow.
    wire.cut();
    site.start(['worker']);
    await site.gate.held(2);
    // The first answer waits for a process that does not read it.
    void site.gate.open();
    expect(json(await first.done)).toMatchObject({ ...COMPLETED, stored: 50 });
    const db = new Database(site.catalog);
    db.exec("UPDATE samples SET title = title || ' (edit)'");
    db.close();
    expect(json(await site.run(['--all', '--json']))).toMatchObject({ ...COMPLETED, stored: 50 });
    const { digest } = readStore(site.store).facts;
    zombie.child.kill('SIGCONT');
    zombie.child.kill('SIGTERM');
    expect((await zombie.done).code).toBe(0);
    expect(judge(site.store, idsOf(site.catalog), site.sandbox.bill()).digest).toBe(digest);
  });

  it('by SIGSTOP and woken after others bought what it had claimed: sends nothing of it', async (test) => {
    const site = await siteIn('woken', 100, test);
    const wire = await startWire(temporal.address);
    site.later(() => wire.close());
    const zombie = site.start(['worker'], { TEMPORAL_ADDRESS: wire.address });
    expect(json(await site.run(['--all', '--json']))).toMatchObject({ ...COMPLETED, stored: 100 });
    const db = new Database(site.catalog);
    // Where no vector is known to fit, the first request goes alone, too.
    db.exec(
      "UPDATE samples SET title = title || ' (edit)' WHERE id IN (SELECT id FROM samples LIMIT 50 OFFSET 50)",
    );
    db.close();
    site.gate.hold('answer');
    const run = site.start(['--all', '--batch-size', '10', '--json']);
    await site.gate.held(1);
    await site.until(() => site.number("SELECT COUNT(*) FROM api_usage WHERE status = 'pending'") > 1);
    zombie.child.kill('SIGSTOP');
    wire.cut();
    site.start(['worker']);
    void site.gate.open();
    expect(json(await run.done)).toMatchObject({ ...COMPLETED, stored: 50 });
    const sent = site.gate.sent.length;
    zombie.child.kill('SIGCONT');
    await zombie.says('this worker stood still');
    zombie.child.kill('SIGTERM');
    expect((await zombie.done).code).toBe(0);
    expect(site.gate.sent.length).toBe(sent);
    judge(site.store, idsOf(site.catalog), site.sandbox.bill());
  });

  it('by SIGTERM: what was sent is stored, and the process ends by itself', async (test) => {
    const site = await siteIn('drain', 100, test);
    site.gate.hold('answer');
    const worker = site.start(['worker']);
    const run = site.start(['--all', '--json']);
    await site.gate.held(1);
    worker.child.kill('SIGTERM');
    await worker.says('draining');
    await site.gate.open();
    expect((await worker.done).code).toBe(0);
    expect(site.number(ROWS)).toBe(100);
    site.start(['worker']);
    expect(json(await run.done)).toMatchObject({ ...COMPLETED, stored: 100, requests: 1 });
    expect(judge(site.store, idsOf(site.catalog), site.sandbox.bill()).uncertain).toBe(0);
  });
});
