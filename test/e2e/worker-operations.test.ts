import { readFileSync } from 'node:fs';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { type Site, setSite } from '../chaos/site.js';
import { startTemporal } from '../chaos/temporal.js';
import { startWire } from '../chaos/wire.js';
import type { Running } from '../support/cli.js';
import { missingFrom, parseMetrics, totalOf } from '../support/prometheus.js';
import { idsOf, judge } from '../support/referee.js';
import { startSqld } from '../support/sqld.js';
import { json } from './scene.js';

const DASHBOARD = new URL('../../docs/grafana/sample-embeddings.json', import.meta.url);
const COMPLETED = { state: 'completed', failed: 0 };
const INTERRUPTED = 130;

let temporal: TestWorkflowEnvironment;
beforeAll(async () => {
  temporal = await startTemporal(['watched', 'second-signal', 'grace-over', 'versions'], {
    // So that a short run continues as new too.
    'limit.historyCount.suggestContinueAsNew': 300,
  });
});
afterAll(() => temporal?.teardown());

async function siteIn(namespace: string, samples: number, test: TestContext): Promise<Site> {
  const site = await setSite({
    samples,
    env: { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: namespace, CONCURRENCY: '2' },
  });
  test.onTestFinished(() => site.close());
  return site;
}

/** The lines of a worker's log so far. */
const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Where a worker says that it serves. */
async function urlOf(worker: Running): Promise<string> {
  const [, url] = await worker.finds(/"health":"(http:[^"]+)\/healthz"/);
  return url as string;
}

// At the same time: some wait out the heartbeat of a worker that is gone.
describe.concurrent('a worker', () => {
  it('shows its health, what it did and what it cost; each line of its log says for what', async (test) => {
    const site = await siteIn('watched', 300, test);
    const sqld = await startSqld();
    site.later(() => sqld.stop());
    const wire = await startWire(temporal.address);
    site.later(() => wire.close());
    const worker = site.start(['worker', '--metrics-port', '0'], {
      TURSO_DATABASE_URL: sqld.url,
      TEMPORAL_ADDRESS: wire.address,
      LOG_LEVEL: 'debug',
    });
    const url = await urlOf(worker);
    const look = async (): Promise<{ status: number; body: Record<string, unknown> }> => {
      const answer = await fetch(`${url}/healthz`);
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const until = async (status: number): Promise<Record<string, unknown>> => {
      for (;;) {
        const health = await look();
        if (health.status === status) return health.body;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    expect(await until(200)).toMatchObject({ ok: true, state: 'running', temporal: { polling: true } });

    site.gate.refuse({ status: 429, message: 'too fast' });
    const run = site.start(['--all', '--batch-size', '50', '--json'], { TURSO_DATABASE_URL: sqld.url });
    await site.until(() => site.gate.refused() > 0);
    site.gate.refuse(null);
    expect(json(await run.done)).toMatchObject({ ...COMPLETED, stored: 300 });

    const samples = parseMetrics(await (await fetch(`${url}/metrics`)).text());
    const bill = site.sandbox.bill();
    const own = (name: string, labels = {}) => totalOf(samples, `embeddings_${name}`, labels);
    expect(own('samples_stored_total')).toBe(300);
    expect(own('samples_failed_total')).toBe(0);
    expect(own('tokens_total')).toBe(json(await run.done).total_tokens);
    expect(own('cost_dollars_total')).toBe(bill.costNanos / 1e9);
    expect(own('provider_requests_total', { status: '2xx' })).toBe(bill.requests);
    expect(own('provider_requests_total', { status: '429' })).toBe(site.gate.refused());
    expect(own('provider_latency_seconds_count')).toBe(bill.requests + site.gate.refused());
    expect(own('gate_seconds_total')).toBeGreaterThanOrEqual(1);
    expect(own('gate_closed')).toBe(0);
    expect(own('requests_limit')).toBeGreaterThanOrEqual(1);

    const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as {
      panels: { targets?: { expr: string }[] }[];
    };
    const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(20);
    expect(expressions.flatMap((expression) => missingFrom(samples, expression))).toEqual([]);
    // Which would show here:
    expect(missingFrom(samples, 'sum by (colour) (rate(embeddings_nothing_total[5m]))')).toHaveLength(2);

    wire.freeze();
    expect(await until(503)).toMatchObject({ ok: false, temporal: { ok: false, error: expect.anything() } });
    await sqld.stop();
    while ((await look()).body.store && ((await look()).body.store as { ok: boolean }).ok)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await look()).toMatchObject({
      status: 503,
      body: { store: { error: expect.stringMatching(/store/) } },
    });

    worker.child.kill('SIGKILL');
    const { stderr, stdout } = await worker.done;
    expect(stdout).toBe('');
    expect(stderr).not.toContain('sk-canary');
    const lines = linesOf(stderr);
    const runId = json(await run.done).run_id;
    const refused = lines.find((line) => line.type === 'RateLimited');
    expect(refused).toMatchObject({
      level: 'warn',
      workflow: 'embed-samples',
      run: runId,
      batch: expect.any(String),
      activity: 'embedBatch',
      attempt: 1,
    });
    // The SDK's own lines too.
    const batches = lines.filter(
      ({ sdk, msg, batch }) => sdk === 'worker' && msg === 'Activity completed' && batch,
    );
    expect(new Set(batches.map(({ batch }) => batch)).size).toBe(6);
    expect(batches.every((line) => line.run === runId && Number(line.duration_ms) >= 0)).toBe(true);
  });

  it('ends at once at a second SIGTERM; nothing is lost', async (test) => {
    const site = await siteIn('second-signal', 100, test);
    site.gate.hold('answer');
    const worker = site.start(['worker', '--grace', '600']);
    const run = site.start(['--all', '--json']);
    await site.gate.held(1);
    worker.child.kill('SIGTERM');
    await worker.says('draining');
    worker.child.kill('SIGTERM');
    expect((await worker.done).code).toBe(INTERRUPTED);
    await takenOver(site, run);
  });

  it('ends at once when the grace is over; nothing is lost, and no batch has used up a retry', async (test) => {
    const site = await siteIn('grace-over', 100, test);
    site.gate.hold('answer');
    const worker = site.start(['worker', '--grace', '1']);
    const run = site.start(['--all', '--json', '--max-retries', '0']);
    await site.gate.held(1);
    worker.child.kill('SIGTERM');
    const { code, stderr } = await worker.done;
    expect(code).toBe(INTERRUPTED);
    expect(linesOf(stderr).at(-1)).toMatchObject({
      level: 'warn',
      msg: expect.stringMatching(/grace period is over/),
    });
    await takenOver(site, run);
  });

  async function takenOver(site: Site, run: Running): Promise<void> {
    await site.gate.open();
    const next = site.start(['worker']);
    expect(json(await run.done)).toMatchObject({ ...COMPLETED, stored: 100 });
    expect(judge(site.store, idsOf(site.catalog), site.sandbox.bill()).pending).toBe(0);
    next.child.kill('SIGTERM');
    expect((await next.done).code).toBe(0);
  }

  it('of a new build takes new runs, and a run under way at its next continuation, which comes at once', async (test) => {
    const site = await setSite({
      samples: 800,
      env: { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: 'versions', CONCURRENCY: '8' },
      sandbox: { tokens: 'estimate', vectors: 'cheap' },
    });
    test.onTestFinished(() => site.close());
    const { workflowService } = temporal.connection;
    const buildsOf = async (runId: string): Promise<(string | null | undefined)[]> => {
      const { history } = await workflowService.getWorkflowExecutionHistory({
        namespace: 'versions',
        execution: { workflowId: 'embed-samples', runId },
      });
      const done = (history?.events ?? []).map((event) => event.workflowTaskCompletedEventAttributes);
      return [...new Set(done.flatMap((task) => (task ? [task.deploymentVersion?.buildId] : [])))];
    };

    const first = site.start(['worker', '--build-id', '1.0.0', '--make-current']);
    await first.says('new runs go to this build');
    const run = site.start(['--all', '--batch-size', '4', '--json']);
    await site.charged(40);
    site.gate.hold('request');
    const second = site.start(['worker', '--build-id', '2.0.0', '--make-current']);
    await second.says('new runs go to this build');
    await site.gate.open();
    expect(json(await run.done)).toMatchObject({ ...COMPLETED, stored: 800 });
    const runId = String(json(await run.done).run_id);
    const { workflowExecutionInfo } = await workflowService.describeWorkflowExecution({
      namespace: 'versions',
      execution: { workflowId: 'embed-samples' },
    });
    const continued = String(workflowExecutionInfo?.execution?.runId);
    expect(continued).not.toBe(runId);
    expect(await buildsOf(runId)).toEqual(['1.0.0']);
    expect(await buildsOf(continued)).toEqual(['2.0.0']);

    const next = json(await site.run(['--all', '--json']));
    expect(next).toMatchObject({ ...COMPLETED, unchanged: 800 });
    expect(await buildsOf(String(next.run_id))).toEqual(['2.0.0']);

    // Without a build id, or as an old one, it says that no run will come.
    const plain = site.start(['worker']);
    await plain.says('new runs go to another build than this worker');
    for (const worker of [first, second, plain]) {
      worker.child.kill('SIGTERM');
      expect((await worker.done).code).toBe(0);
    }
  });
});

it('in `dev` is told of from start to end: where it is, when it is not well, and when it is again', async (test) => {
  const site = await setSite({ samples: 1 });
  test.onTestFinished(() => site.close());
  const sqld = await startSqld();
  site.later(() => sqld.stop());
  const dev = site.start(['dev'], { TURSO_DATABASE_URL: sqld.url });
  await dev.says(/^Web UI +http.*\nWorker +A worker is up; .*\nHealth +.*\nMetrics +.*\nRun .*\nStop /m);
  const [, url] = await dev.finds(/^Health +(http\S+)$/m);
  expect((await fetch(String(url))).status).toBe(200);
  await sqld.kill();
  await dev.says(/^Worker +the store cannot be used/m);
  await sqld.restart();
  await dev.says(/^Worker +is well again/m);
  dev.child.kill('SIGTERM');
  expect(await dev.done).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nStopping: .*\n$/) });
});

it('is refused with one sentence: a taken port, a build to make current without a name', async (test) => {
  const site = await siteIn('default', 1, test);
  const port = new URL(site.gate.baseUrl).port;
  expect(await site.run(['worker', '--metrics-port', port])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      new RegExp(`^error: .*127\\.0\\.0\\.1:${port} is taken by another program; .*\n$`),
    ),
  });
  expect(await site.run(['worker', '--make-current'])).toMatchObject({
    code: 2,
    stderr: 'error: --make-current needs a build to make current: --build-id or EMBEDDINGS_BUILD_ID\n',
  });
});
