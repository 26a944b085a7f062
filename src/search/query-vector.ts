import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { NumberForm, PlannedGeneration } from '../contract/generation.js';
import { tokensOf } from '../domain/count-usage.js';
import { settledBy, settlementOf } from '../domain/settlement.js';
import type { Store } from '../engines/store.js';
import type { Attempt, BatchCommit, Settlement } from '../engines/types.js';
import { EmbeddingError } from '../providers/errors/errors.js';
import { contentHash } from '../providers/fingerprint.js';
import { tokensAtMost } from '../providers/tokens.js';
import type { EmbedAnswer, EmbedRequest, Provider } from '../providers/types.js';
import { type DailyCap, keepWithin } from './daily-cap.js';
import { SearchFault, troubleOf } from './search-fault.js';
import { searchPrice } from './search-price.js';
import type { Aside } from './search-queue.js';

export interface QueryModel {
  model: string;
  /** Dimensions that the provider is asked for. */
  dimensions: number;
  /** How vectors are stored and compared. */
  stored: StoredAs;
  /** Text put before the query. */
  prefix: string;
  /** Sent as `input_type`; null: not sent. */
  inputType: string | null;
}

/** Tokens and cost of a query's vector that was bought. */
export interface BoughtQuery {
  tokens: number | null;
  /** Null: the price is unknown. */
  costNanos: number | null;
}

/** Returns the cost in US dollars; null: nothing was bought, or the price is unknown. */
export const dollarsOf = (bought: BoughtQuery | null): number | null =>
  bought === null || bought.costNanos === null ? null : bought.costNanos / 1e9;

export interface StoredAs {
  dimensions: number;
  form: NumberForm;
}

/** Returns how queries of a generation are sent. */
export const queryModel = ({ recipe, dimensions, form }: PlannedGeneration): QueryModel => ({
  model: recipe.model,
  dimensions: recipe.dimensions,
  stored: { dimensions, form },
  prefix: recipe.query.prefix ?? '',
  inputType: recipe.query.inputType ?? null,
});

/** The run id of searches in the ledger. */
const SEARCH_RUN = 'search';

const BY_WORDS = 'search by words alone with: --mode text';
/** How long to wait for another search that buys the same query; after that it is bought again. */
const PATIENCE_MS = 5000;
const LOOK_AGAIN_MS = 200;

interface BuyingOptions {
  /** Absent: no limit. */
  cap?: DailyCap | undefined;
  /** Awaited before anything is bought; its error is thrown. */
  first?: Promise<unknown>;
  /** What the user can do instead if the vector cannot be bought, for messages; default: `--mode text`. */
  wayAround?: string;
  /** Runs the purchase. */
  aside?: Aside | undefined;
}

/**
 * Returns the vector of a query: from the store if it was bought before. Otherwise buys it, books it in the ledger like
 * any request and caches it, so that each query is paid once. Throws a Fault with `wayAround` if it cannot be bought or
 * the cap would be exceeded.
 */
export async function queryVector(
  store: Store,
  provider: () => Provider,
  { model, dimensions, prefix, inputType }: QueryModel,
  query: string,
  { cap, first, wayAround = BY_WORDS, aside = (work) => work() }: BuyingOptions = {},
): Promise<{ vector: Uint8Array; bought: BoughtQuery | null }> {
  const text = `${prefix}${query}`;
  const hash = contentHash({ model, dimensions, text, inputType });
  const known = await store.cachedQuery(hash);
  if (known !== null) return { vector: known, bought: null };
  await first;
  return aside(() => buyNew({ store, provider, model, dimensions, text, query, hash, cap, wayAround }));
}

interface NewQuery {
  store: Store;
  provider: () => Provider;
  model: string;
  dimensions: number;
  /** The text that is sent: the prefix and the query. */
  text: string;
  query: string;
  hash: string;
  cap: DailyCap | undefined;
  wayAround: string;
}

async function buyNew({
  store,
  provider,
  model,
  dimensions,
  text,
  query,
  hash,
  cap,
  wayAround,
}: NewQuery): ReturnType<typeof queryVector> {
  const open = opened(provider, wayAround);
  try {
    const price = await searchPrice(store, open, model);
    const boundTokens = tokensAtMost(model, text);
    const attempt: Attempt = {
      requestId: randomUUID(),
      runId: SEARCH_RUN,
      // A batch id of its own: a claim ends all other pending attempts of its batch.
      batchId: randomUUID(),
      model,
      operation: 'search',
      boundNanos: price === null ? null : Math.ceil(boundTokens * price),
      boundTokens,
      hashes: [hash],
    };
    const elsewhere = await boughtElsewhere(store, attempt, hash);
    if (elsewhere !== null) return { vector: elsewhere, bought: null };
    if (cap !== undefined) await keepWithin(cap, store, attempt, wayAround);
    return await buy(
      { store, provider: open, attempt, price },
      { model, dimensions, texts: [text] },
      { hash, query },
    );
  } catch (error) {
    if (!(error instanceof EmbeddingError)) throw error;
    throw new SearchFault(
      troubleOf(error),
      `the query could not be embedded: ${error.message}; ${wayAround}`,
      error,
      error.retryAfterMs,
    );
  }
}

function opened(provider: () => Provider, wayAround: string): Provider {
  try {
    return provider();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new SearchFault(
      'no-provider',
      `a new query cannot be embedded: ${words}; repeat an earlier query, or ${wayAround}`,
      error,
    );
  }
}

/**
 * Claims the query. If another search is buying it now, waits for that answer. Returns null when this search must buy
 * it; its attempt is open then.
 */
async function boughtElsewhere(store: Store, attempt: Attempt, hash: string): Promise<Uint8Array | null> {
  const { pendingElsewhere } = await store.claim(attempt, []);
  if (!pendingElsewhere.has(hash)) return null;
  await store.withdraw([attempt.requestId]);
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_AGAIN_MS) {
    await wait(LOOK_AGAIN_MS);
    const vector = await store.cachedQuery(hash);
    if (vector !== null) return vector;
    // The other purchase failed or was given up.
    if (!(await store.stillPending([hash], attempt))) break;
  }
  await store.openAttempts([attempt]);
  return null;
}

interface Purchase {
  store: Store;
  provider: Provider;
  attempt: Attempt;
  price: number | null;
}

async function buy(
  { store, provider, attempt, price }: Purchase,
  { model, dimensions, texts }: Pick<EmbedRequest, 'model' | 'dimensions' | 'texts'>,
  { hash, query }: { hash: string; query: string },
): Promise<{ vector: Uint8Array; bought: BoughtQuery }> {
  let answer: EmbedAnswer;
  try {
    answer = await provider.embed({ model, dimensions, texts, subject: 'a query' });
  } catch (error) {
    await store.commit(commitOf(attempt, settlementAfter(attempt, error)));
    throw error;
  }
  const vector = answer.vectors[0] as Uint8Array;
  const settlement = settledBy(attempt, answer, await tokensOf(answer, texts, { model }), price);
  try {
    // The vector is cached before the attempt ends: searches that wait for the attempt read the cache then.
    await store.cacheQuery(hash, model, vector, query);
  } finally {
    await store.commit(commitOf(attempt, settlement));
  }
  return { vector, bought: { tokens: settlement.tokens, costNanos: settlement.costNanos } };
}

/** Returns the settlement after an error; an error that may be a lost answer is `uncertain`. */
const settlementAfter = (attempt: Attempt, error: unknown): Settlement =>
  error instanceof EmbeddingError
    ? settlementOf(attempt, error)
    : {
        requestId: attempt.requestId,
        status: 'uncertain',
        tokens: null,
        costNanos: null,
        costSource: 'unknown',
        metadata: { error: error instanceof Error ? error.message : String(error) },
      };

const commitOf = ({ runId, batchId, model }: Attempt, settlement: Settlement): BatchCommit => ({
  runId,
  batchId,
  model,
  runStartedAt: new Date(0).toISOString(),
  // It writes no rows.
  fence: 0,
  vectors: [],
  copies: [],
  failures: [],
  settlements: [settlement],
  notedDelta: 0,
});
