import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { json } from '../e2e/scene.js';
import { idsOf, judge } from '../support/referee.js';
import { type Site, setSite } from './site.js';
import { startTemporal } from './temporal.js';

let temporal: TestWorkflowEnvironment;
let site: Site;
beforeAll(async () => {
  temporal = await startTemporal();
});
afterEach(() => site?.close());
afterAll(() => temporal?.teardown());

const service = async (samples: number): Promise<Site> => {
  const env = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace ?? 'default' };
  site = await setSite({ samples, env });
  return site;
};

/** The visibility list lags behind: it is asked until it knows the run. */
const executions = async (startedAfter: Date): Promise<string[]> => {
  const query = `StartTime >= '${startedAfter.toISOString()}'`;
  while (true) {
    const found: string[] = [];
    for await (const { runId } of temporal.client.workflow.list({ query })) found.push(runId);
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

describe('settings of Temporal that do not fit', () => {
  it.each([[['--all']], [['worker']]])(
    'a namespace that is not there is refused, by name: %j',
    async (args) => {
      await service(20);
      const { code, stderr } = await site.run(args, { TEMPORAL_NAMESPACE: 'nowhere' });
      expect(stderr).toMatch(/TEMPORAL_NAMESPACE.*"nowhere"/);
      expect(code).toBe(2);
      expect(site.sandbox.bill().requests).toBe(0);
    },
  );

  it.each([[['--all']], [['worker']]])(
    'an API key that is not accepted is refused, and not shown: %j',
    async (args) => {
      await service(20);
      const server = createServer();
      server.on('stream', (stream) => {
        stream.respond(
          { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '16', 'grpc-message': 'no' },
          { endStream: true },
        );
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      site.later(() => server.close());
      const { code, stdout, stderr } = await site.run(args, {
        TEMPORAL_ADDRESS: `127.0.0.1:${(server.address() as AddressInfo).port}`,
        TEMPORAL_API_KEY: 'tk-canary',
        TEMPORAL_TLS: 'false',
      });
      expect(stderr).toMatch(/TEMPORAL_API_KEY/);
      expect(stdout + stderr).not.toContain('tk-canary');
      expect(code).toBe(2);
    },
  );
});

describe('the same run', () => {
  it('started twice at once is one execution, and both commands see it end', async () => {
    await service(300);
    const before = new Date();
    site.start(['worker']);
    const [one, two] = await Promise.all([site.run(['--all', '--json']), site.run(['--all', '--json'])]);
    expect(json(one)).toMatchObject({ state: 'completed', stored: 300 });
    expect(json(two)).toMatchObject({ state: 'completed', stored: 300, run_id: json(one).run_id });
    expect(await executions(before)).toEqual([json(one).run_id]);
    expect(site.sandbox.bill()).toMatchObject({ requests: 3, boughtTwice: 0 });
  });

  it('terminated and started again pays only for what is missing', async () => {
    await service(600);
    site.gate.hold('answer');
    site.start(['worker']);
    const first = site.start(['--all', '--json'], { CONCURRENCY: '1' });
    await site.gate.held(1);
    await site.gate.open();
    await site.until(() => site.number('SELECT COUNT(*) FROM sample_embeddings') >= 200);
    site.gate.hold('request');
    await temporal.client.workflow.getHandle('embed-samples').terminate('a person did');
    const ended = await first.done;
    expect(ended.code).toBe(3);
    expect(json(ended)).toMatchObject({ state: 'failed' });
    await site.gate.open();
    const again = json(await site.run(['--all', '--json']));
    expect(again).toMatchObject({ state: 'completed', failed: 0 });
    expect(Number(again.stored) + Number(again.unchanged)).toBe(600);
    expect(Number(again.unchanged)).toBeGreaterThanOrEqual(200);
    const bill = site.sandbox.bill();
    judge(site.store, idsOf(site.catalog), bill);
    expect(bill.boughtTwice).toBe(0);
  });

  it('without a worker: the command says so and how to start one; the run goes on by itself then', async () => {
    await service(100);
    const run = site.start(['--all', '--json']);
    await run.says(/No worker answers at this Temporal: start one with: embeddings worker/);
    site.start(['worker']);
    expect(json(await run.done)).toMatchObject({ state: 'completed', stored: 100 });
  });
});
