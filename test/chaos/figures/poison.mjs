import { onScene } from './scene.mjs';

const SAMPLES = 2437;
const BATCH = 100;
/** Extra requests: the first refused one, and two for each halving until the sample is alone. */
const EXTRA = 2 * Math.ceil(Math.log2(BATCH)) + 1;

/** Measures a run in which the provider refuses one sample among 2,437. */
export function poison() {
  const refusal = { fault: { kind: 'status', status: 400, message: 'this input is refused' } };
  // Titles of the demo catalog are unique; sample 1234 is an arbitrary one in the middle.
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
