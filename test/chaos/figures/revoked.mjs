import { onScene, until } from './scene.mjs';

const CONCURRENCY = 4;
/** Batches in the window: three for each request in flight. */
const WINDOW = 3 * CONCURRENCY;

/** Measures a run whose key is revoked in the middle. */
export function revoked() {
  return onScene({ samples: 4000, sandbox: { latencyMs: 100 } }, async ({ sandbox, embeddings }) => {
    const refused = () => sandbox.bill().entries.filter(({ status }) => status === 401);
    const run = embeddings('--all', '--batch-size', '20', '--concurrency', String(CONCURRENCY));
    await until(() => (sandbox.bill().entries.length >= 40 ? true : null));
    sandbox.setFaults([{ fault: { kind: 'status', status: 401, message: 'User not found' } }]);
    const from = Date.now();
    const { code, said } = await run;
    const seconds = (Date.now() - from) / 1000;
    return {
      line:
        `key revoked in mid-run: ${said.state} and the command over (${code}) after ${seconds.toFixed(1)} s (goal 10), ` +
        `${refused().length} requests refused (goal ${WINDOW}, a window)`,
      held: code === 3 && said.state === 'blocked' && seconds <= 10 && refused().length <= WINDOW,
    };
  });
}
