import { setTimeout as wait } from 'node:timers/promises';
import { onScene, until } from './scene.mjs';

const SECONDS = 20;

/** Measures a run whose provider always answers 429 with Retry-After 1, until the run is cancelled. */
export function endless() {
  return onScene({ samples: 2000, sandbox: {} }, async ({ sandbox, embeddings }) => {
    sandbox.setFaults([{ fault: { kind: 'status', status: 429, retryAfter: '1' } }]);
    const run = embeddings('--all', '--batch-size', '20');
    await until(() => (sandbox.bill().entries.length > 0 ? true : null));
    // Requests in flight at the first refusal do not count.
    await wait(1000);
    const before = sandbox.bill().entries.length;
    await wait(SECONDS * 1000);
    const rate = (sandbox.bill().entries.length - before) / SECONDS;
    const { said: seen } = await embeddings('status');
    await embeddings('cancel');
    const { said } = await run;
    return {
      line: `429 without end: ${rate.toFixed(2)} requests a second while closed (goal 2), shown as ${seen.state}; cancelled: ${said.state}`,
      held: rate <= 2 && rate > 0 && seen.state === 'throttled' && said.state === 'cancelled',
    };
  });
}
