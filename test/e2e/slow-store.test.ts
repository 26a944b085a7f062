import { expect, it } from 'vitest';
import { setSite } from '../chaos/site.js';
import { startSlowLink } from '../support/slow-link.js';
import { startSqld } from '../support/sqld.js';
import { json } from './scene.js';

it('a run over a slow link stores all that it buys, once, and says that the link is what it waits for', async (test) => {
  const site = await setSite({ samples: 300 });
  test.onTestFinished(() => site.close());
  const sqld = await startSqld();
  site.later(() => sqld.stop());
  // 2 Mbit/s: what the run buys in a second takes ten to be stored.
  const link = await startSlowLink(sqld.url, 250_000);
  site.later(() => link.close());
  const env = { TURSO_DATABASE_URL: link.url };
  // Few at a time, so that the first batches are in long before the last.
  const run = site.start(['--all', '--json', '--batch-size', '25', '--concurrency', '3'], env);
  const said: string[] = [];
  let over = false;
  void run.done.then(() => {
    over = true;
  });
  while (!over && said.length === 0) {
    const { stdout } = await site.run(['status', '--json'], env);
    const { bottleneck } = JSON.parse(stdout || '{}') as { bottleneck?: string | null };
    if (bottleneck != null) said.push(bottleneck);
  }
  expect(said[0]).toMatch(/^the connection to the store is the bottleneck: a batch waits \d/);
  expect(json(await run.done)).toMatchObject({ state: 'completed', stored: 300, failed: 0, requests: 12 });
  expect(site.gate.sent.flat()).toHaveLength(new Set(site.gate.sent.flat()).size);
}, 120_000);
