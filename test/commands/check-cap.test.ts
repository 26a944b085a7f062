import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkCap } from '../../src/commands/check-cap.js';
import { loadSettings } from '../../src/config.js';
import type { RunRequest } from '../../src/contract/request.js';
import { type Scene, setScene } from '../e2e/scene.js';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(40);
});
afterAll(() => scene.close());

/** What is said of a cap in nanodollars; null: it lets the first batch pass. */
async function said(maxCostNanos: number): Promise<string | null> {
  const request: RunRequest = {
    selection: { kind: 'all' },
    reset: false,
    batchSize: 7,
    maxRetries: 0,
    concurrency: 1,
    maxCostNanos,
    onBlocked: 'fail',
  };
  return checkCap(loadSettings(scene.env, scene.path), request).then(
    () => null,
    (error: Error) => error.message,
  );
}

it('a cap that is a nanodollar too low is told in as many places as it takes to differ from what is needed', async () => {
  let tooLow = 0;
  let enough = 1_000_000;
  while (enough - tooLow > 1) {
    const middle = Math.floor((tooLow + enough) / 2);
    if ((await said(middle)) === null) enough = middle;
    else tooLow = middle;
  }
  const [, cap, cost] = /^--max-cost \$([\d.]+) is less .* about \$([\d.]+) for 7 samples/.exec(
    (await said(tooLow)) ?? '',
  ) as unknown as [string, string, string];
  expect(Number(cap)).toBeLessThan(Number(cost));
  // No more of them than that: a cap that is far too low is told as any sum is.
  expect(await said(1000)).toMatch(
    /^--max-cost \$0\.000001 is less than one batch costs: about \$0\.0000\d for/,
  );
});
