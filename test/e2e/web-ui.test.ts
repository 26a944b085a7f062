import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunAttributes } from '../../src/contract/attributes.js';
import { Messages } from '../../src/contract/messages.js';
import type { RunProgress } from '../../src/contract/progress.js';
import { demoSamples } from '../../src/local/demo-catalog/index.js';
import type { FaultRule } from '../../src/local/sandbox-openrouter/index.js';
import { peekLocalTemporal } from '../../src/local/temporal/connect.js';
import { startBrowser } from '../support/browser.js';
import type { Running } from '../support/cli.js';
import { webUi } from '../support/web-ui.js';
import { type Scene, setScene } from './scene.js';

const SAMPLES = 3000;
const HOSTILE = 'no [win](https://evil.example/a) <img src=x> ```**free**``` https://evil.example/b |';
const REVOKED: FaultRule = { fault: { kind: 'status', status: 401, message: 'User not found.' } };
const [, , third] = demoSamples({ samples: SAMPLES });
const REFUSE_ONE: FaultRule = {
  fault: { kind: 'status', status: 400, message: HOSTILE },
  contains: `Title: ${third?.sample.title}\n`,
};

let scene: Scene;
let browser: Browser;
let dev: Running;
let client: Client;
let look: ReturnType<typeof webUi>;
let page: string;

beforeAll(async () => {
  scene = await setScene(SAMPLES, { latencyMs: 600, faults: [REFUSE_ONE] });
  dev = scene.start(['dev'], { CONCURRENCY: '4' });
  const opening = startBrowser();
  await dev.says('A worker is up');
  const up = await peekLocalTemporal(join(scene.path, '.embeddings'));
  client = new Client({ connection: await Connection.connect({ address: up?.address ?? '' }) });
  browser = await opening;
  look = webUi(await browser.newPage({ viewport: { width: 1280, height: 1000 } }), up?.uiUrl ?? '');
});

afterAll(async () => {
  await browser?.close();
  await client?.connection.close();
  dev?.child.kill('SIGTERM');
  await dev?.done;
  await scene?.close();
});

const run = () => client.workflow.getHandle('embed-samples');
const attributes = async () => (await run().describe()).typedSearchAttributes;
/** Resolves once the run says that it is in this state and that nothing is under way. */
const rests = async (state: string): Promise<void> => {
  for (;;) {
    const progress = await run().query<RunProgress>(Messages.progress);
    if (progress.state === state && progress.inFlight === 0) return;
  }
};

describe('the Temporal Web UI', () => {
  it('tells a run while it runs: bar, percent, time left, throughput, window, gate', async () => {
    await scene.run(['--all', '--batch-size', '20', '--concurrency', '2', '--detach', '--json']);
    await scene.charged(100);
    page = `embed-samples/${(await run().describe()).runId}`;
    const seen = await look.run(page, 'user-metadata', /running · about .* left, done at/);
    await look.picture('running', 800);
    expect(seen).toContain('all samples · text-embedding-3-small');
    expect(seen).toMatch(/█+░+\s+\d+(\.\d)?% · [\d,]+ of (about )?3,000 samples/);
    expect(seen).toMatch(/Throughput \d+ samples\/s over the last minute/);
    expect(seen).toMatch(/Window \d+ batches under way, at most 6/);
    expect(seen).toContain('Gate open');
  });

  it('tells a pause at once', async () => {
    await run().executeUpdate(Messages.pause);
    await rests('paused');
    await look.run(page, 'user-metadata', /paused: *paused by a person/);
    await look.picture('paused');
    expect((await attributes()).get(RunAttributes.state)).toBe('paused');
  });

  it('names what failed and why, and nothing that a provider says becomes Markdown', async () => {
    const seen = await look.run(page, 'user-metadata', /Rejected/);
    expect(seen).toContain('(sample 8)');
    expect(seen).toContain('https://evil.example/b');
    expect(await look.links()).toEqual([]);
  });

  it('names activities by their samples', async () => {
    await look.run(page, 'timeline', /\d+ samples, \d+–\d+/);
    await look.picture('timeline');
    await look.run(page, 'history', /\d+ samples, \d+–\d+/);
    await look.picture('history');
  });

  it('tells a block at once, with its cause and the cure', async () => {
    scene.sandbox.setFaults([REVOKED]);
    await run().executeUpdate(Messages.resume, { args: [{}] });
    await rests('blocked');
    const seen = await look.run(page, 'user-metadata', /blocked: /);
    await look.picture('blocked');
    expect(seen).toContain('OPENROUTER_API_KEY was refused');
    expect(seen).toContain('embeddings resume');
    expect((await attributes()).get(RunAttributes.state)).toBe('blocked');
    await look.list('EmbeddingsState="blocked"', /embed-samples/);
  });

  it('lists what is completed, and tells a run that is done', async () => {
    scene.sandbox.setFaults([REFUSE_ONE]);
    scene.sandbox.setLatency(0);
    await run().executeUpdate(Messages.resume, { args: [{}] });
    const end = (await run().result()) as RunProgress;
    await look.list('EmbeddingsState="completed" AND EmbeddingsFailed > 0', /embed-samples/);
    await look.picture('list', 280);
    expect(await look.list('EmbeddingsState="blocked"', /0 Workflows|No Workflows/i)).not.toContain(
      'embed-samples',
    );
    const seen = await look.run(page, 'user-metadata', /completed/);
    await look.picture('completed');
    expect(seen).toMatch(/100% · 3,000 of 3,000 samples/);
    const found = await attributes();
    expect(found.get(RunAttributes.percent)).toBe(100);
    expect(found.get(RunAttributes.failed)).toBe(end.totals.failed);
    expect(found.get(RunAttributes.costUsd)).toBe(end.totals.costNanos / 1e9);
    expect(found.get(RunAttributes.model)).toBe('openai/text-embedding-3-small');
  });
});
