import { ApplicationFailure } from '@temporalio/common';
import { FailureType, type RunPlan } from '../contract.js';
import { EmbeddingError } from '../embedding/errors.js';
import type { Attempt, Settlement } from '../store/types.js';
import { tokensOf } from './count-usage.js';
import type { Dependencies } from './dependencies.js';
import { persistently } from './persist.js';
import { settledBy, settlementOf } from './settlement.js';

/** A text that no provider has a reason to refuse. */
export const HARMLESS = 'Title: a sample';

export interface Doubt {
  /** The provider has embedded a text with this model. */
  answered(model: string): void;
  /**
   * After a refusal: is it about these texts, or about all? Where the provider has answered nothing yet, a harmless
   * text is tried, once for all batches that wait. Throws Blocked where that is refused too; with a cap, Outgrown
   * where it was bought, since what it cost was not reserved.
   */
  settle(plan: RunPlan, attempt: () => Attempt, reservedNanos: number | null): Promise<void>;
}

/** Of one process. Without it, a refusal that concerns everything would fail a library sample by sample. */
export function createDoubt({ store, provider, limiter, throttle }: Dependencies): Doubt {
  const known = new Set<string>();
  const asking = new Map<string, Promise<void>>();

  async function ask(plan: RunPlan, attempt: Attempt): Promise<void> {
    const { model, dimensions, runId, startedAt: runStartedAt } = plan;
    const batch = { runId, batchId: attempt.batchId, model, runStartedAt };
    const nothing = { vectors: [], copies: [], failures: [], notedDelta: 0 };
    const book = (settlement: Settlement): Promise<void> =>
      persistently(() => store.commit({ ...batch, ...nothing, settlements: [settlement] }));
    await store.openAttempt(attempt);
    try {
      const request = { model, dimensions, texts: [HARMLESS], subject: 'a harmless text' };
      const answer = await limiter.run(() => throttle.run(() => provider.embed(request)));
      const tokens = await tokensOf(answer, [HARMLESS], plan);
      await book(settledBy(attempt, answer, tokens, plan.nanosPerToken));
      known.add(model);
    } catch (error) {
      if (!(error instanceof EmbeddingError)) throw error;
      await book(settlementOf(attempt, error));
      throw error.type === FailureType.Rejected ? refusesAll(error) : error;
    }
  }

  return {
    answered: (model) => void known.add(model),
    async settle(plan, attempt, reservedNanos) {
      const { model, runId } = plan;
      if (known.has(model)) return;
      const others = asking.get(model);
      if (others !== undefined) return others;
      const own = attempt();
      const asked = ask(plan, own).finally(() => asking.delete(model));
      asking.set(model, asked);
      await asked;
      if (reservedNanos === null) return;
      const { costNanos, uncertainNanos } = await store.accountBatch(runId, own.batchId);
      throw outgrown(costNanos + uncertainNanos, reservedNanos);
    },
  };
}

const refusesAll = (error: EmbeddingError): EmbeddingError =>
  new EmbeddingError(
    `the provider refuses every text, a harmless one too (${error.message}): check OPENROUTER_BASE_URL, then resume; ` +
      'for another EMBEDDING_MODEL or EMBEDDING_DIMENSIONS, embeddings cancel, and start again',
    { type: FailureType.Blocked, status: error.status, retryAfterMs: null, sent: error.sent },
    { cause: error },
  );

/** The whole batch is still to be bought, for what was reserved. */
const outgrown = (spentNanos: number, reservedNanos: number): ApplicationFailure =>
  ApplicationFailure.create({
    message: 'a harmless text was bought to see whether the provider refuses all',
    type: FailureType.Outgrown,
    nonRetryable: true,
    details: [{ needNanos: spentNanos + reservedNanos, spentNanos }],
  });
