import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failure.js';
import type { RunPlan } from '../contract/plan.js';
import { buyNeutralText } from '../domain/neutral-text.js';
import type { Attempt, BatchCommit } from '../engines/types.js';
import { EmbeddingError } from '../providers/errors/errors.js';
import type { Dependencies } from './dependencies.js';
import { forPlan } from './for-plan.js';
import { outgrown } from './reservation.js';

/** The batch for which a canary request is sent and accounted. */
export interface CanaryRequest {
  plan: RunPlan;
  attempt: () => Attempt;
  commit: (change: Partial<BatchCommit>) => Promise<void>;
  /** Nanodollars that the run reserved for the batch; null: no cap. */
  reservedNanos: number | null;
  signal?: AbortSignal;
}

/** Requests for `PROBE_TEXT`, which show whether a failure concerns the texts that were sent or all texts. */
export interface Canary {
  /** Notes that the provider has embedded a text with this model. */
  answered(model: string): void;
  hasAnswered(model: string): boolean;
  /**
   * Sends one request for all waiting batches (singleflight) after a refusal, unless the provider has answered before.
   * Throws Blocked if it is refused too. Under a cap, throws Outgrown if it succeeds, since its cost was not reserved.
   */
  afterRefusal(request: CanaryRequest): Promise<void>;
  /**
   * Sends one request now. Throws RateLimited and Blocked unchanged, and any other failure as a Transient
   * ApplicationFailure with `canary` in its details: no request passes.
   */
  confirm(request: CanaryRequest): Promise<void>;
}

/** Creates the canary requests of one process. */
export function createCanary(dependencies: Dependencies): Canary {
  const { store, limiter, throttle } = dependencies;
  const known = new Set<string>();
  const asking = new Map<string, Promise<void>>();

  async function ask({ plan, commit, signal }: CanaryRequest, attempt: Attempt): Promise<void> {
    const { dimensions, nanosPerToken } = plan;
    const { provider } = forPlan(dependencies, plan);
    await buyNeutralText({
      ...{ store, attempt, dimensions, nanosPerToken },
      send: (request) => limiter.run(() => throttle.run(() => provider.embed(request), signal), signal),
      settle: (settlement) => commit({ settlements: [settlement] }),
    });
    known.add(plan.model);
  }

  return {
    answered: (model) => void known.add(model),
    hasAnswered: (model) => known.has(model),
    async afterRefusal(request) {
      const { model, runId } = request.plan;
      if (known.has(model)) return;
      const others = asking.get(model);
      if (others !== undefined) return others;
      const own = request.attempt();
      const asked = ask(request, own)
        .catch((error: unknown) => {
          const refused = error instanceof EmbeddingError && error.type === FailureType.Rejected;
          throw refused ? refusesAll(error) : error;
        })
        .finally(() => asking.delete(model));
      asking.set(model, asked);
      await asked;
      if (request.reservedNanos === null) return;
      const { costNanos, uncertainNanos } = await store.accountBatch(runId, own.batchId);
      const spentNanos = costNanos + uncertainNanos;
      // The whole batch is still to be bought, so the full reservation is needed again.
      throw outgrown('a neutral text was bought to see whether the provider refuses all', {
        needNanos: spentNanos + request.reservedNanos,
        spentNanos,
      });
    },
    async confirm(request) {
      try {
        await ask(request, request.attempt());
      } catch (error) {
        if (!(error instanceof EmbeddingError)) throw error;
        if (error.type === FailureType.RateLimited || error.type === FailureType.Blocked) throw error;
        throw ApplicationFailure.create({
          message: `no request succeeds now, not even one with a neutral text (${error.message}): check the provider, then resume`,
          type: FailureType.Transient,
          details: [{ canary: true }],
          cause: error,
        });
      }
    },
  };
}

const refusesAll = (error: EmbeddingError): EmbeddingError =>
  new EmbeddingError(
    `the provider refuses every text, even a neutral one (${error.message}): check OPENROUTER_BASE_URL, then resume; ` +
      'to use another EMBEDDING_MODEL or EMBEDDING_DIMENSIONS, run embeddings cancel and start again',
    { type: FailureType.Blocked, status: error.status, retryAfterMs: null, billed: error.billed },
    { cause: error },
  );
