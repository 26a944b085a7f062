import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/engines/store.js';
import { PLACES, type Place } from '../engines/places.js';
import { attempt, batch, EARLY, failure, row, run } from '../engines/rows.js';

/** Ends the statement wherever it is written into one: in quotes of either kind, or bare. */
const INJECTION = `x'); DROP TABLE sample_embeddings; -- " ); DROP TABLE api_usage; -- ?1 :a @b $c`;

describe.each(PLACES)('every value is bound, in %s', (_name, make) => {
  let place: Place;
  let store: Store;
  beforeEach(async () => {
    place = await make();
    store = await place.open();
    await store.migrate();
  });
  afterEach(() => place.close());

  it('text that would end a statement is stored and found as it is', async () => {
    const runId = INJECTION;
    const ours = { runId, batchId: INJECTION, model: INJECTION };
    const request = attempt(INJECTION, { ...ours, hashes: [INJECTION] });
    await store.saveRun(run({ runId, workflowId: INJECTION, request: INJECTION, reason: INJECTION }));
    await store.claim(request, [1, 2]);
    await store.commit(
      batch({
        ...ours,
        runStartedAt: EARLY,
        vectors: [{ ...row(1, INJECTION), text: INJECTION }],
        copies: [{ sampleId: 3, text: INJECTION, contentHash: INJECTION }],
        failures: [{ ...failure(2, INJECTION), reason: INJECTION, contentHash: INJECTION }],
        settlements: [
          {
            requestId: INJECTION,
            status: 'settled',
            tokens: 1,
            costNanos: 20,
            costSource: 'provider',
            metadata: { [INJECTION]: INJECTION },
          },
        ],
      }),
    );
    expect(await store.storedRows([1, 3])).toMatchObject([
      { sampleId: 1, contentHash: INJECTION, runId },
      { sampleId: 3, contentHash: INJECTION, runId },
    ]);
    expect(await store.listFailures({ after: null, limit: 10 })).toMatchObject([
      { sampleId: 2, reason: INJECTION, message: INJECTION, runId },
    ]);
    expect(await store.accountBatch(runId, INJECTION)).toMatchObject({ requests: 1, costNanos: 20 });
    expect(await store.latestRun(runId)).toMatchObject({ runId, request: INJECTION, reason: INJECTION });
    const [texts] = await place.sql('SELECT count(DISTINCT embedding_source) AS n FROM sample_embeddings');
    expect(Number(texts?.n)).toBe(1);
  });

  it('ids, which are written into statements, are integers or refused', async () => {
    const id = '1) OR (1=1' as unknown as number;
    for (const attack of [
      () => store.storedRows([id]),
      () => store.failuresOf([id]),
      () => store.forgetFailures([id]),
      () => store.listFailures({ after: id, limit: 1 }),
      () => store.listFailures({ after: null, limit: id }),
      () => store.storedRows([1.5]),
    ])
      await expect(attack()).rejects.toThrow();
    expect(await store.countVectors()).toBe(0);
  });
});
