import { randomUUID } from 'node:crypto';
import { tokensOf } from '../activities/count-usage.js';
import { priceOf } from '../activities/preflight.js';
import { settledBy, settlementOf } from '../activities/settlement.js';
import { EmbeddingError } from '../embedding/errors.js';
import { contentHash } from '../embedding/fingerprint.js';
import { fallbackPrice } from '../embedding/prices.js';
import { tokenUpperBound } from '../embedding/tokens.js';
import type { Provider } from '../embedding/types.js';
import { usageFault } from '../fault.js';
import type { Attempt, BatchCommit, Store } from '../store/types.js';

export interface QueryModel {
  model: string;
  dimensions: number;
}

/** The ledger's name for searches, where a run's id stands otherwise. */
export const SEARCH_RUN = 'search';

/**
 * The vector of a query: from the store where it was asked before, else bought, booked in the ledger like any request,
 * and kept, so that the same query costs once. A Fault, with `--mode text` as the way around, where it cannot be had.
 */
export async function queryVector(
  store: Store,
  provider: () => Provider,
  { model, dimensions }: QueryModel,
  text: string,
): Promise<Uint8Array> {
  const hash = contentHash({ model, dimensions, text });
  const known = await store.cachedQuery(hash);
  if (known !== null) return known;
  const vector = await buy(store, provider(), { model, dimensions }, text, hash);
  await store.cacheQuery(hash, model, vector);
  return vector;
}

async function buy(
  store: Store,
  provider: Provider,
  { model, dimensions }: QueryModel,
  text: string,
  hash: string,
): Promise<Uint8Array> {
  const price = fallbackPrice(model);
  const attempt: Attempt = {
    requestId: randomUUID(),
    runId: SEARCH_RUN,
    batchId: hash.slice(0, 16),
    model,
    operation: 'search',
    boundNanos: price === null ? null : Math.ceil(tokenUpperBound(text) * price),
    hashes: [],
  };
  await store.openAttempts([attempt]);
  try {
    const answer = await provider.embed({ model, dimensions, texts: [text], subject: 'a query' });
    const { nanosPerToken } =
      answer.costNanos === null ? await priceOf(provider, model) : { nanosPerToken: null };
    const tokens = await tokensOf(answer, [text], { model });
    await store.commit(settle(attempt, [settledBy(attempt, answer, tokens, nanosPerToken)]));
    return answer.vectors[0] as Uint8Array;
  } catch (error) {
    if (!(error instanceof EmbeddingError)) throw error;
    await store.commit(settle(attempt, [settlementOf(attempt, error)]));
    throw usageFault(
      `the query could not be embedded: ${error.message}; search by words alone with: --mode text`,
      error,
    );
  }
}

const settle = (
  { runId, batchId, model }: Attempt,
  settlements: BatchCommit['settlements'],
): BatchCommit => ({
  runId,
  batchId,
  model,
  runStartedAt: new Date(0).toISOString(),
  // It writes no rows.
  fence: 0,
  vectors: [],
  copies: [],
  failures: [],
  settlements,
  notedDelta: 0,
});
