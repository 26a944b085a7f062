import { onScene } from './scene.mjs';

const SAMPLES = 2437;
const BATCH = 100;
/** A batch is halved until the sample is alone: two requests a level, and the one that was refused first. */
const EXTRA = 2 * Math.ceil(Math.log2(BATCH)) + 1;

/** One sample among 2,437 that the provider refuses. */
export function poison() {
  const refusal = { fault: { kind: 'status', status: 400, message: 'this input is refused' } };
  // Every title of the demo catalog is its own; this one is some sample in the middle.
  return onScene({ samples: SAMPLES, sandbox: {} }, async ({ sandbox, embeddings, home }) => {
    const { Database } = await import('../../../dist/sqlite.js');
    const catalog = new Database(`${home}/catalog.db`);
    catalog.prepare("UPDATE samples SET title = 'POISON ' || title WHERE id = 1234").run();
    catalog.close();
    sandbox.setFaults([{ ...refusal, contains: 'POISON' }]);
    const { code, said } = await embeddings('--all');
    const needed = Math.ceil(SAMPLES / BATCH);
    const extra = sandbox.bill().entries.length - needed;
    return {
      line:
        `1 poison among ${SAMPLES}: ${said.failed} failed, ${said.stored} stored, ` +
        `${extra} requests more than ${needed} (goal ${EXTRA}), exit code ${code}`,
      held: code === 1 && said.failed === 1 && said.stored === SAMPLES - 1 && extra <= EXTRA,
    };
  });
}
