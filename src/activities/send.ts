import { FailureType } from '../contract/failure.js';
import type { Parcel } from '../domain/pack-requests.js';
import { subjectOf } from '../domain/samples.js';
import type { Attempt, Settlement } from '../engines/types.js';
import { EmbeddingError } from '../providers/errors/errors.js';
import type { EmbedAnswer } from '../providers/types.js';
import type { Dependencies } from './dependencies.js';
import type { Purchase } from './purchase.js';
import { refuseOutgrown } from './reservation.js';

export interface Sender {
  /**
   * Sends the texts of an attempt that is open in the ledger. If nothing was sent, withdraws the attempt and leaves
   * `way.sent` false. Throws TooLarge if the provider accepts fewer texts: nothing was sent, the attempt stays open.
   */
  send(attempt: Attempt, group: readonly Parcel[], way: { sent: boolean }): Promise<EmbedAnswer>;
  /** Derives a price from a cost above the attempt's bound, even if the answer counts no tokens. */
  notePrice(attempt: Attempt, paid: Pick<Settlement, 'costNanos'>): void;
  /** Returns the highest price in the batch's answers, nanodollars a token; null: none is above the bound's. */
  dearest(): number | null;
}

/** Creates a Sender. `unsent`: attempts that are open in the ledger and not sent yet. */
export function createSender(
  dependencies: Dependencies,
  purchase: Purchase,
  unsent: Map<string, Attempt>,
): Sender {
  const { store, provider, pacer, throttle } = dependencies;
  const {
    plan,
    batchId,
    canary,
    reservedNanos,
    nanosPerToken,
    prices,
    isolate,
    inputs,
    inSlot,
    blocked,
    clock,
    signal,
  } = purchase;
  let dearest: number | null = null;

  const notePrice = (attempt: Attempt, { costNanos }: Pick<Settlement, 'costNanos'>): void => {
    const { boundNanos } = attempt;
    if (costNanos === null || !boundNanos || nanosPerToken === null) return;
    if (costNanos <= boundNanos + ROUNDED_UP_NANOS) return;
    dearest = Math.max(dearest ?? 0, (nanosPerToken * costNanos) / boundNanos);
    prices.note(plan.runId, dearest);
  };

  /**
   * Runs right before sending, which may be long after the attempt was opened. Throws if the store's file was
   * deleted or replaced, or if another worker may be buying the texts by now; with a cap, throws Outgrown if the cost at
   * prices in other answers exceeds what was reserved.
   */
  const checkBeforeSending = async (attempt: Attempt): Promise<void> => {
    store.checkFile();
    if (!(await store.holdsAttempt(attempt.requestId))) throw givenUp();
    if (reservedNanos === null || nanosPerToken === null) return;
    const shown = await prices.dearest(plan.runId);
    if (shown === null || shown <= nanosPerToken) return;
    const pending = [attempt, ...unsent.values()];
    const tokens = pending.reduce((sum, { boundTokens = 0 }) => sum + boundTokens, 0);
    const nextNanos = Math.ceil(tokens * shown);
    await refuseOutgrown(store, { runId: plan.runId, batchId }, pending, { nextNanos, reservedNanos });
  };

  const send = async (
    attempt: Attempt,
    group: readonly Parcel[],
    way: { sent: boolean },
  ): Promise<EmbedAnswer> => {
    const subject = subjectOf(group.flatMap((parcel) => parcel.samples));
    const estimate = group.reduce((sum, parcel) => sum + parcel.tokensEstimate, 0);
    const { model, dimensions } = plan;
    const texts = group.map((parcel) => parcel.text);
    const listed = reservedNanos !== null && plan.priceIsListed === true ? plan.nanosPerToken : null;
    unsent.delete(attempt.requestId);
    try {
      return await inSlot(async (received) => {
        // While this request waited, the refusal of another may have shown a lower limit.
        if (group.length > inputs.atMost()) throw new TooLarge();
        await pacer.take(estimate, signal);
        // `embed` gets no signal: a sent request is paid for, so its answer is stored even if the run is cancelled.
        const answer = await throttle
          .run(
            async () => {
              await checkBeforeSending(attempt);
              way.sent = true;
              const price = listed === null ? {} : { maxNanosPerToken: listed };
              // With a cap, the next request waits for this answer's cost, not only for its first byte.
              const next = reservedNanos === null ? { received } : {};
              const answer = await clock.time('provider', () =>
                provider.embed({ model, dimensions, texts, subject, ...next, ...price }),
              );
              // Must happen before the next request starts.
              notePrice(attempt, answer);
              return answer;
            },
            signal,
            { isolating: isolate },
          )
          .catch((error: unknown) => {
            // Must happen before the next request starts, too.
            if (error instanceof EmbeddingError) inputs.partSizeAfter(error, group.length);
            blocked(error);
            throw error;
          });
        pacer.counted(estimate, answer.tokens);
        canary.answered(model);
        return answer;
      }, signal);
    } catch (error) {
      // A sent attempt whose outcome is unknown stays pending: the next claim gives it up as uncertain.
      if (!way.sent && !(error instanceof TooLarge)) await store.withdraw([attempt.requestId]);
      throw error;
    }
  };

  return { send, notePrice, dearest: () => dearest };
}

const givenUp = (): EmbeddingError =>
  new EmbeddingError(
    'this worker stood still, and its claim of these texts was given up meanwhile: nothing was sent, the batch claims them again',
    { type: FailureType.Transient, status: null, retryAfterMs: null, billed: 'no' },
  );

/** Some providers round the cost of a request up to a millionth of a dollar, which says nothing about the price. */
const ROUNDED_UP_NANOS = 1000;

/** Thrown before sending if the provider accepts fewer texts in one request than this one holds. */
export class TooLarge extends Error {}
