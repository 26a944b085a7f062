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
import { SearchFault, troubleOf } from './search-fault.js';
import { searchPrice } from './search-price.js';
import type { Aside } from './search-queue.js';

export interface QueryModel {
  model: string;
  /** Numbers that the provider is asked for. */
  dimensions: number;
  /** How vectors are stored, and compared. */
  stored: StoredAs;
  /** Goes before the query. */
  prefix: string;
  /** Sent with it as `input_type`; null: nothing is. */
  inputType: string | null;
}

/** What a query's vector was bought for. */
export interface BoughtQuery {
  tokens: number | null;
  /** Null: nobody knows the price. */
  costNanos: number | null;
}

/** In US dollars; null: nothing was bought, or nobody knows the price. */
export const dollarsOf = (bought: BoughtQuery | null): number | null =>
  bought === null || bought.costNanos === null ? null : bought.costNanos / 1e9;

/** When this day began, UTC. */
export const dayBegan = (): string => `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`;

export interface StoredAs {
  dimensions: number;
  form: NumberForm;
}

/** How queries of a generation are sent. */
export const queryModel = ({ recipe, dimensions, form }: PlannedGeneration): QueryModel => ({
  model: recipe.model,
  dimensions: recipe.dimensions,
  stored: { dimensions, form },
  prefix: recipe.query.prefix ?? '',
  inputType: recipe.query.inputType ?? null,
});

/** The ledger's name for searches, where a run's id stands otherwise. */
const SEARCH_RUN = 'search';

/** How much searches may cost in a day (UTC), in nanodollars. */
export interface DailyCap {
  nanos: number;
  /** What sets it, for a sentence: `--max-daily-cost`. */
  setting: string;
}

const BY_WORDS = 'search by words alone with: --mode text';
/** How long another search's answer to the same query is waited for; then it is bought again, at a search's price. */
const PATIENCE_MS = 5000;
const LOOK_AGAIN_MS = 200;

interface BuyingOptions {
  /** Absent: it may cost anything. */
  cap?: DailyCap | undefined;
  /** Waited for before anything is bought; what it throws is thrown. */
  first?: Promise<unknown>;
  /** What to do where it cannot be had, for a sentence; default: `--mode text`. */
  wayAround?: string;
  /** Carries the purchase out. */
  aside?: Aside | undefined;
}

/**
 * The vector of a query: from the store where it was asked before, else bought, booked in the ledger like any request,
 * and kept, so that the same query costs once. A Fault, with the way around (default `--mode text`), where it cannot be had, or
 * would cost more than the cap leaves.
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
  /** What is sent: the query with the words around it. */
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
      // Of its own: a claim gives up whatever else its batch has pending.
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
      `a new query cannot be embedded: ${words}; ask what was asked before, or ${wayAround}`,
      error,
    );
  }
}

/**
 * Claims the query. Where another search is buying it at this moment, its answer is waited for. Null: it is ours to buy,
 * and the attempt is open.
 */
async function boughtElsewhere(store: Store, attempt: Attempt, hash: string): Promise<Uint8Array | null> {
  const { pendingElsewhere } = await store.claim(attempt, []);
  if (!pendingElsewhere.has(hash)) return null;
  await store.withdraw([attempt.requestId]);
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_AGAIN_MS) {
    await wait(LOOK_AGAIN_MS);
    const vector = await store.cachedQuery(hash);
    if (vector !== null) return vector;
    // It has failed there, or was given up.
    if (!(await store.stillPending([hash], attempt))) break;
  }
  await store.openAttempts([attempt]);
  return null;
}

/** The attempt is open, so that of two searches at once each counts the other. */
async function keepWithin(
  cap: DailyCap,
  store: Store,
  { requestId }: Attempt,
  wayAround: string,
): Promise<void> {
  const { atMostNanos } = await store.searchSpending(dayBegan());
  if (atMostNanos <= BigInt(cap.nanos)) return;
  await store.withdraw([requestId]);
  throw new SearchFault(
    'cap',
    `today's searches would cost more than ${cap.setting} of $${(cap.nanos / 1e9).toString()}: ask what was asked before, ` +
      `${wayAround}, or raise it`,
  );
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
    // Before the attempt ends: whoever waits for it looks for the vector then.
    await store.cacheQuery(hash, model, vector, query);
  } finally {
    await store.commit(commitOf(attempt, settlement));
  }
  return { vector, bought: { tokens: settlement.tokens, costNanos: settlement.costNanos } };
}

/** What cannot be told apart from a lost answer is uncertain. */
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
