import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Scene, setScene } from '../e2e/scene.js';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(120);
});
afterAll(() => scene?.close());

const create = (...args: string[]): string[] => ['schedule', 'create', ...args];

describe('bad input to schedules and --prune: one clear sentence, exit code 2, nothing half-made', () => {
  it.concurrent.each<[string, string[], Record<string, string>, RegExp]>([
    ['no time', create(), {}, /say when: --every 1d/],
    ['an interval that is none', create('--every', 'daily'), {}, /--every: "daily".*30m, 6h, 1d/],
    ['a cron that is none', create('--cron', '0 25 * * *'), {}, /--cron: "0 25 \* \* \*".*"0 3 \* \* \*"/],
    [
      'a time zone that is none',
      create('--cron', '0 3 * * *', '--timezone', 'Mars'),
      {},
      /--timezone: "Mars".*Europe\/Berlin/,
    ],
    ['a name for URLs to break on', create('a/b', '--every', '1d'), {}, /"a\/b" cannot be the name.*nightly/],
    ['ids that are none', create('--every', '1d', '--sample-ids', '5-1'), {}, /5-1.*1,5,10-20/],
    [
      'pruning by some ids',
      create('--every', '1d', '--sample-ids', '1', '--prune'),
      {},
      /--prune goes with --all/,
    ],
    [
      'a cap below what one batch costs',
      create('--every', '1d', '--max-cost', '0.0000001'),
      {},
      /--max-cost \$0\.0000001 is less than one batch costs: about \$0\.0\d+ for 100 samples/,
    ],
    [
      'a model without a price, with a cap',
      create('--every', '1d', '--max-cost', '1'),
      { EMBEDDING_MODEL: 'nobody/knows-it' },
      /nobody\/knows-it/,
    ],
    [
      'no catalog',
      create('--every', '1d'),
      { DATABASE_URL: '' },
      /DATABASE_URL environment variable must be set/,
    ],
    [
      'Temporal that nobody answers at',
      create('--every', '1d'),
      { TEMPORAL_ADDRESS: '127.0.0.1:9' },
      /TEMPORAL_ADDRESS.*127\.0\.0\.1:9/,
    ],
    [
      'a list from Temporal that nobody answers at',
      ['schedule', 'list'],
      { TEMPORAL_ADDRESS: '127.0.0.1:9' },
      /TEMPORAL_ADDRESS.*127\.0\.0\.1:9/,
    ],
    ['no action', ['schedule'], {}, /Usage: embeddings schedule/],
    ['an unknown action', ['schedule', 'stop'], {}, /unknown command 'stop'/],
    ['generate: pruning by some ids', ['--sample-ids', '1', '--prune'], {}, /--prune goes with --all/],
    ['generate: pruning what failed', ['--failed', '--prune'], {}, /--prune goes with --all/],
    ['generate: pruning in a dry run', ['--all', '--dry-run', '--prune'], {}, /embeddings verify lists/],
    [
      'generate: a cap below what one batch costs',
      ['--all', '--max-cost', '0.0000001', '--batch-size', '7'],
      {},
      /is less than one batch costs: about \$0\.0\d+ for 7 samples/,
    ],
  ])('%s', async (_, args, env, sentence) => {
    const { code, stdout, stderr } = await scene.run(args, env);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout + stderr).not.toContain('canary');
    expect(code).toBe(2);
    // Temporal was not even started, and no text was sent.
    expect(existsSync(join(scene.path, '.embeddings', 'temporal.db'))).toBe(false);
    expect(scene.sandbox.bill().requests).toBe(0);
  });
});
