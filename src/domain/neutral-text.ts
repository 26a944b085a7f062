import type { Store } from '../engines/store.js';
import type { Attempt, Settlement } from '../engines/types.js';
import { EmbeddingError } from '../providers/errors/errors.js';
import { tokensOfAnyModel } from '../providers/tokens.js';
import type { EmbedAnswer, EmbedRequest } from '../providers/types.js';
import { tokensOf } from './count-usage.js';
import { settledBy, settlementOf } from './settlement.js';

/** A text that no provider has a reason to refuse. */
const PROBE_TEXT = 'Title: a sample';
/** The most tokens that it is billed for, with any model. */
export const PROBE_TOKENS = tokensOfAnyModel(PROBE_TEXT);

export interface NeutralPurchase {
  store: Pick<Store, 'openAttempts' | 'withdraw'>;
  attempt: Attempt;
  dimensions: number;
  /** Null: no price is known. */
  nanosPerToken: number | null;
  send(request: EmbedRequest): Promise<EmbedAnswer>;
  /** Writes how the attempt ended. */
  settle(settlement: Settlement): Promise<void>;
}

/**
 * Buys the vector of `PROBE_TEXT` from the provider itself, not from its cache, and records it like any request:
 * pending before it is sent, then as it ended. Throws what `send` throws, after that is recorded.
 */
export async function buyNeutralText(purchase: NeutralPurchase): Promise<Settlement> {
  const { store, attempt, dimensions, nanosPerToken, send, settle } = purchase;
  const { model } = attempt;
  await store.openAttempts([attempt]);
  let settlement: Settlement;
  try {
    const request = { model, dimensions, texts: [PROBE_TEXT], subject: 'a neutral text', fresh: true };
    const answer = await send(request);
    const tokens = await tokensOf(answer, [PROBE_TEXT], { model });
    settlement = settledBy(attempt, answer, tokens, nanosPerToken);
  } catch (error) {
    if (error instanceof EmbeddingError) await settle(settlementOf(attempt, error));
    else await store.withdraw([attempt.requestId]);
    throw error;
  }
  await settle(settlement);
  return settlement;
}
