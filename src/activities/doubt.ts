import { FailureType, type RunPlan } from '../contract.js';
import { EmbeddingError } from '../embedding/errors.js';
import type { Attempt, BatchCommit } from '../store/types.js';
import { tokensOf } from './count-usage.js';
import type { Dependencies } from './dependencies.js';
import { outgrown } from './reservation.js';
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
  settle(asker: Asker): Promise<void>;
}

/** The batch that was refused; what the harmless text costs is booked as its own. */
export interface Asker {
  plan: RunPlan;
  attempt: () => Attempt;
  commit: (change: Partial<BatchCommit>) => Promise<void>;
  reservedNanos: number | null;
}

/** Of one process. Without it, a refusal that concerns everything would fail a library sample by sample. */
export function createDoubt({ store, provider, limiter, throttle }: Dependencies): Doubt {
  const known = new Set<string>();
  const asking = new Map<string, Promise<void>>();

  async function ask({ plan, commit }: Asker, attempt: Attempt): Promise<void> {
    const { model, dimensions } = plan;
    await store.openAttempts([attempt]);
    try {
      const request = { model, dimensions, texts: [HARMLESS], subject: 'a harmless text' };
      const answer = await limiter.run(() => throttle.run(() => provider.embed(request)));
      const tokens = await tokensOf(answer, [HARMLESS], plan);
      await commit({ settlements: [settledBy(attempt, answer, tokens, plan.nanosPerToken)] });
      known.add(model);
    } catch (error) {
      if (!(error instanceof EmbeddingError)) throw error;
      await commit({ settlements: [settlementOf(attempt, error)] });
      throw error.type === FailureType.Rejected ? refusesAll(error) : error;
    }
  }

  return {
    answered: (model) => void known.add(model),
    async settle(asker) {
      const { model, runId } = asker.plan;
      if (known.has(model)) return;
      const others = asking.get(model);
      if (others !== undefined) return others;
      const own = asker.attempt();
      const asked = ask(asker, own).finally(() => asking.delete(model));
      asking.set(model, asked);
      await asked;
      if (asker.reservedNanos === null) return;
      const { costNanos, uncertainNanos } = await store.accountBatch(runId, own.batchId);
      const spentNanos = costNanos + uncertainNanos;
      // The whole batch is still to be bought, for what was reserved.
      throw outgrown('a harmless text was bought to see whether the provider refuses all', {
        needNanos: spentNanos + asker.reservedNanos,
        spentNanos,
      });
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
