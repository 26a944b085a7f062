import { describe, expect, it } from 'vitest';
import { json } from '../../e2e/scene.js';
import { runCli, startCli } from '../../support/cli.js';
import type { ClusterSite } from '../site.mjs';

/** So that there is time to pause it. */
const SLOWLY = ['--all', '--batch-size', '20', '--concurrency', '1'];

/** What a team does with it, day by day. */
export function serviceScenarios(site: () => ClusterSite, desk: string): void {
  const run = (args: string[], env = {}) => runCli(desk, [...args, '--json'], { ...site().env, ...env });

  describe('a service with three workers', () => {
    it('shares a run among them, stores all; a second run sends nothing and changes no byte', async () => {
      await site().ground({ samples: 700, seed: 11 });
      const first = await run(['--all', '--batch-size', '25']);
      expect(first).toMatchObject({ code: 0 });
      expect(json(first)).toMatchObject({ state: 'completed', stored: 700, failed: 0 });
      expect(await identities()).toBeGreaterThan(1);
      const before = await site().snapshot();
      const second = json(await run(['--all']));
      expect(second).toMatchObject({ stored: 0, unchanged: 700, requests: 0 });
      const secondRun = { before, after: await site().snapshot() };
      expect(await site().judge(second, { secondRun })).toEqual([]);
    });

    it('pauses, and goes on in the same run', async () => {
      await site().ground({ samples: 600, seed: 12 });
      await site().setFaults([{ fault: { kind: 'slow', ms: 2_000 } }]);
      const running = startCli(desk, [...SLOWLY, '--json'], site().env);
      await site().charged(100);
      const asked = await runCli(desk, ['pause'], site().env);
      expect(asked).toMatchObject({ code: 0 });
      const paused = await running.done;
      expect({ ...paused, asked }).toMatchObject({ code: 3 });
      expect(json(paused)).toMatchObject({ state: 'paused' });
      await site().setFaults([]);
      const done = json(await run(['--resume']));
      expect(done).toMatchObject({ state: 'completed', stored: 600, run_id: json(paused).run_id });
      expect(await site().judge(done)).toEqual([]);
    });

    it('fails one poisoned sample with its reason, and stores it once it is cured', async () => {
      await site().ground({ samples: 200, seed: 13 });
      await site().change("UPDATE samples SET title = 'POISON' WHERE id = (SELECT MAX(id) FROM samples)");
      await site().setFaults([
        { fault: { kind: 'status', status: 400, message: 'cannot embed this' }, contains: 'POISON' },
      ]);
      const first = await run(['--all']);
      expect(first).toMatchObject({ code: 1 });
      expect(json(first)).toMatchObject({ stored: 199, failed: 1 });
      const [failure] = JSON.parse((await run(['failures'])).stdout) as { sample_id: number }[];
      expect(failure).toMatchObject({ reason: 'Rejected', permanent: true });
      expect(await site().judge(json(first), { mayFail: [failure?.sample_id ?? 0] })).toEqual([]);
      await site().change("UPDATE samples SET title = 'Sound' WHERE title = 'POISON'");
      expect(json(await run(['generate', '--failed']))).toMatchObject({ stored: 1, failed: 0 });
      expect(await site().judge(json(await run(['--all'])))).toEqual([]);
    });

    it('never spends more than --max-cost, over all workers, and goes on with a higher one', async () => {
      await site().ground({ samples: 600, seed: 14 });
      const capped = await run(['--all', '--batch-size', '25', '--max-cost', '0.001']);
      expect(capped.code).toBe(3);
      const { costNanos } = await site().bill();
      expect(costNanos).toBeGreaterThan(0);
      expect(costNanos).toBeLessThanOrEqual(1_000_000);
      const done = json(await run(['--resume', '--max-cost', '1']));
      expect(done).toMatchObject({ state: 'completed', stored: 600 });
      expect(await site().judge(done)).toEqual([]);
    });

    it('refuses a token of another key, and names the setting', async () => {
      const { code, stdout } = await run(['doctor'], { TURSO_AUTH_TOKEN: forged(site().env) });
      expect(code).toBe(2);
      expect(stdout).toContain('TURSO_AUTH_TOKEN was refused');
    });
  });

  /** How many workers took batches of the last run. */
  async function identities(): Promise<number> {
    const { events } = await site().temporal.workflow.getHandle('embed-samples').fetchHistory();
    return new Set(
      (events ?? [])
        .map(({ activityTaskStartedEventAttributes: started }) => started?.identity)
        .filter(Boolean),
    ).size;
  }
}

/** The claims are right, the signature is not. */
function forged({ TURSO_AUTH_TOKEN: token = '' }: Record<string, string>): string {
  const [header, claims] = token.split('.');
  return `${header}.${claims}.${Buffer.alloc(64, 7).toString('base64url')}`;
}
