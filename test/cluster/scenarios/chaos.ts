import { describe, expect, it } from 'vitest';
import { json } from '../../e2e/scene.js';
import { runCli, startCli } from '../../support/cli.js';
import type { ClusterSite } from '../site.mjs';

const PARTS = ['temporal', 'postgresql', 'worker-1', 'sqld'] as const;
const SAMPLES = 2437;

/**
 * SIGKILL in the middle of a run of the full demo catalog. Everywhere: each part in turn in one run; on a cluster that
 * is up also each in a run of its own.
 */
export function chaosScenarios(site: () => ClusterSite, desk: string, thorough: boolean): void {
  const alone = thorough ? PARTS.map((part) => [part]) : [];
  describe('SIGKILL in the middle of a run', () => {
    it.each([[...PARTS], ...alone].map((parts, index) => ({ parts, seed: 21 + index })))(
      'of $parts: nothing is lost, nothing is paid twice, a second run finds nothing to do',
      async ({ parts, seed }) => {
        await site().ground({ samples: SAMPLES, seed });
        await site().setFaults([{ fault: { kind: 'slow', ms: 1200 } }]);
        const args = ['--all', '--batch-size', '50', '--concurrency', '2', '--max-retries', '8', '--json'];
        const running = startCli(desk, args, site().env);
        for (const [index, part] of parts.entries()) {
          await site().charged(Math.floor((SAMPLES * (index + 1)) / (parts.length + 2)));
          // In the middle, not after it.
          expect((await site().bill()).inputs).toBeLessThan(SAMPLES * 0.95);
          await site().kill(part);
        }
        const run = await running.done;
        expect(run).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error:') });
        expect(json(run)).toMatchObject({ state: 'completed', stored: SAMPLES, failed: 0 });
        const before = await site().snapshot();
        const second = json(await runCli(desk, ['--all', '--json'], site().env));
        expect(second).toMatchObject({ requests: 0, unchanged: SAMPLES });
        const secondRun = { before, after: await site().snapshot() };
        expect(await site().judge(second, { secondRun })).toEqual([]);
        // What was in flight is asked for again, and comes from the provider's response cache.
        expect(site().boughtTwice()).toBe(0);
      },
      240_000,
    );
  });
}
