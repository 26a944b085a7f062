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
   * Sends the texts; the ledger has the attempt. Where nothing was sent it is withdrawn, and `way.sent` stays false.
   * Throws a TooLarge where the provider takes fewer texts a request: then nothing was sent, and the attempt stays.
   */
  send(attempt: Attempt, group: readonly Parcel[], way: { sent: boolean }): Promise<EmbedAnswer>;
  /** A cost above the bound shows a price, also where the answer counts no tokens. */
  notePrice(attempt: Attempt, paid: Pick<Settlement, 'costNanos'>): void;
  /** The dearest price that the batch's answers show, nanodollars a token; null: none is above the bound's. */
  dearest(): number | null;
}

/** Sends requests one by one in their turn. `unsent`: what is opened in the ledger and not sent yet. */
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
   * At the moment of sending, which may be long after the attempt was opened: the store is still there to take what is
   * bought, and with a cap the price that others' answers have shown since fits what was reserved.
   */
  const checkBeforeSending = async (attempt: Attempt): Promise<void> => {
    store.checkFile();
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
        // It waited for its turn, in which another's refusal may have shown that it is too large.
        if (group.length > inputs.atMost()) throw new TooLarge();
        await pacer.take(estimate, signal);
        // Not given the cancellation: what has been sent is paid for, so it is stored even by a run that ends.
        const answer = await throttle
          .run(
            async () => {
              await checkBeforeSending(attempt);
              way.sent = true;
              const price = listed === null ? {} : { maxNanosPerToken: listed };
              // With a cap the next request waits for what this answer costs, not only until it begins to arrive.
              const next = reservedNanos === null ? { received } : {};
              const answer = await clock.time('provider', () =>
                provider.embed({ model, dimensions, texts, subject, ...next, ...price }),
              );
              // Before the next request has its turn.
              notePrice(attempt, answer);
              return answer;
            },
            signal,
            { isolating: isolate },
          )
          .catch((error: unknown) => {
            // Before the next one, too.
            if (error instanceof EmbeddingError) inputs.partSizeAfter(error, group.length);
            blocked(error);
            throw error;
          });
        pacer.counted(estimate, answer.tokens);
        canary.answered(model);
        return answer;
      }, signal);
    } catch (error) {
      // What was sent and failed in a way nobody knows stays pending: the next claim gives it up as uncertain.
      if (!way.sent && !(error instanceof TooLarge)) await store.withdraw([attempt.requestId]);
      throw error;
    }
  };

  return { send, notePrice, dearest: () => dearest };
}

/** Some providers round the cost of a request up to a millionth of a dollar: that is no price. */
const ROUNDED_UP_NANOS = 1000;

/** The provider takes fewer texts a request than this one holds: nothing was sent. */
export class TooLarge extends Error {}
