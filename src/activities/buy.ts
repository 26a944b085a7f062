import { FailureType } from '../contract/failure.js';
import { boundTokensOf, createAttempts } from '../domain/attempts.js';
import {
  deletedFailure,
  emptyFailure,
  failureOf,
  tooLongFailure,
  unreadableFailure,
  vectorsOf,
} from '../domain/batch-rows.js';
import { tokensOf } from '../domain/count-usage.js';
import { type MeasuredSample, maxInputTokensOf, tokensOfAll } from '../domain/measure.js';
import { PROBE_TOKENS } from '../domain/neutral-text.js';
import { byPart, inPartsOf, type Parcel, packRequests, parcels } from '../domain/pack-requests.js';
import { subjectOf } from '../domain/samples.js';
import { settledBy, settlementOf } from '../domain/settlement.js';
import type { SortedBatch } from '../domain/sort-batch.js';
import type { Attempt, Settlement } from '../engines/types.js';
import { invalidResponse } from '../providers/answers/check-answer.js';
import { EmbeddingError } from '../providers/errors/errors.js';
import type { EmbedAnswer } from '../providers/types.js';
import { createBatchBooks } from './batch-books.js';
import type { CanaryRequest } from './canary.js';
import type { Dependencies } from './dependencies.js';
import type { Purchase } from './purchase.js';
import { refuseOutgrown } from './reservation.js';
import { createSender, TooLarge } from './send.js';

/** Buys the texts of one batch: a ledger row before each request, one transaction after it. */
export function createBuyer(dependencies: Dependencies, purchase: Purchase) {
  const { store, log, pacer } = dependencies;
  const { plan, batchId, canary, writer, reservedNanos, nanosPerToken, isolate, inputs, partOf, signal } =
    purchase;
  const { tally, failures, commit } = createBatchBooks(dependencies, purchase);
  /** Attempts that are open in the ledger, so that no other batch buys their texts, and not sent yet. */
  const unsent = new Map<string, Attempt>();
  const { send, notePrice, dearest } = createSender(dependencies, purchase, unsent);

  const attempts = createAttempts(plan, batchId, nanosPerToken);

  const canaryRequest = (): CanaryRequest => ({
    plan,
    attempt: () => attempts.of([], PROBE_TOKENS),
    commit,
    reservedNanos,
    signal,
  });

  /** Sends one request. Halves refused texts until only those at fault are left; stores each half's vectors at once. */
  const request = async (attempt: Attempt, group: readonly Parcel[], again = false): Promise<void> => {
    let answer: EmbedAnswer;
    const way = { sent: false };
    try {
      answer = await send(attempt, group, way);
    } catch (error) {
      if (error instanceof TooLarge) return split(attempt, group);
      if (!way.sent || !(error instanceof EmbeddingError)) throw error;
      return recover(attempt, group, error, again);
    }
    const texts = group.map((parcel) => parcel.text);
    const settlement = settledBy(attempt, answer, await tokensOf(answer, texts, plan), plan.nanosPerToken);
    notePrice(attempt, settlement);
    const usable = group.filter((_, index) => answer.vectors[index] !== null);
    const noted = usable.flatMap((parcel) => parcel.samples).filter((sample) => sample.notes.length > 0);
    await commit({
      vectors: vectorsOf(group, answer, plan.generation),
      settlements: [settlement],
      notedDelta: noted.length,
    });
    const [bad] = answer.unusable;
    if (bad === undefined) return;
    const rest = group.filter((_, index) => answer.vectors[index] === null);
    const subject = subjectOf(rest.flatMap((parcel) => parcel.samples));
    if (!isolate) throw invalidResponse(`OpenRouter POST /embeddings (${subject})`, `the vector ${bad.why}`);
    await openAndRequest([rest]);
  };

  /**
   * Sends all requests in parallel, as far as slots allow. Under a cap or while isolating, sends them one by one, as
   * each result decides about the next. Waits until all have ended, then throws the worst error.
   */
  const requestAll = async (
    opens: readonly Attempt[],
    groups: readonly (readonly Parcel[])[],
  ): Promise<void> => {
    if (isolate || reservedNanos !== null) {
      for (const [index, attempt] of opens.entries()) await request(attempt, groups[index] ?? []);
      return;
    }
    const ends = await Promise.allSettled(
      opens.map((attempt, index) =>
        request(attempt, groups[index] ?? []).catch((error: unknown) => {
          purchase.blocked(error);
          throw error;
        }),
      ),
    );
    const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    if (errors.length > 0) throw worstOf(errors);
  };

  /** Splits a request that was not sent. The first part takes over its ledger row, so that its texts stay claimed. */
  const split = async (attempt: Attempt, group: readonly Parcel[]): Promise<void> => {
    const parts = inPartsOf(inputs.atMost(), group);
    const opens = parts.map(attempts.ofGroup);
    if (opens[0] !== undefined) opens[0].requestId = attempt.requestId;
    unsent.set(attempt.requestId, attempt);
    await store.openAttempts(opens);
    for (const open of opens) unsent.set(open.requestId, open);
    for (const [index, open] of opens.entries()) await request(open, parts[index] ?? []);
  };

  /** Handles a failed request: halves it if its texts may be at fault, else throws its error. */
  const recover = async (
    attempt: Attempt,
    group: readonly Parcel[],
    error: EmbeddingError,
    again: boolean,
  ): Promise<void> => {
    const settlements = [settlementOf(attempt, error)];
    const rejected = error.type === FailureType.Rejected;
    if (!rejected && (!isolate || error.type === FailureType.Blocked)) {
      await commit({ settlements });
      log.warn({ run: plan.runId, batch: batchId, type: error.type }, error.message);
      if (error.vectorLength !== null && !canary.hasAnswered(plan.model)) await proveLength();
      throw error;
    }
    if (group.length > 1) {
      const most = rejected ? inputs.partSizeAfter(error, group.length) : null;
      const aboutTexts = rejected && most === null && error.status !== 413;
      const parts = inPartsOf(most ?? Math.ceil(group.length / 2), group);
      // A retry is refused again: it pays for the whole once more, then as much again for each level of halving.
      const timesAgain = rejected && most === null ? Math.ceil(Math.log2(group.length)) : 0;
      const laterTokens = timesAgain * boundTokensOf(group);
      await openAndRequest(parts, {
        ...{ settlements, aboutTexts, laterTokens },
        free: rejected && error.billed === 'no',
      });
      return;
    }
    await commit({ settlements });
    if (rejected && error.status !== 413) await canary.afterRefusal(canaryRequest());
    if (!rejected && !again) {
      await afford(PROBE_TOKENS + boundTokensOf(group));
      await canary.confirm(canaryRequest());
      return openAndRequest([group], { again: true });
    }
    await commit({
      failures: group.flatMap((parcel) => parcel.samples.map((sample) => failureOf(sample, error))),
    });
  };

  /**
   * Sends a canary request after vectors of a wrong length. Throws Blocked if it gets that length too, and ignores its
   * other errors. A retry of the batch would show the same, but the whole batch would be paid for again.
   */
  const proveLength = async (): Promise<void> => {
    await afford(PROBE_TOKENS);
    await canary.confirm(canaryRequest()).catch((error: unknown) => {
      if (signal.aborted || (error instanceof EmbeddingError && error.type === FailureType.Blocked))
        throw error;
    });
  };

  /** With a cap: throws Outgrown if these tokens and the unsent attempts do not fit what was reserved. */
  const afford = async (tokens: number, laterTokens = 0): Promise<void> => {
    if (reservedNanos === null) return;
    const pending = [...unsent.values()];
    const opened = pending.reduce((sum, attempt) => sum + (attempt.boundNanos ?? 0), 0);
    const nextNanos = (attempts.boundOf(tokens) ?? 0) + opened;
    const needs = { nextNanos, laterNanos: attempts.boundOf(laterTokens) ?? 0, reservedNanos };
    await refuseOutgrown(store, { runId: plan.runId, batchId }, pending, needs);
  };

  /** Opens all groups at once, so that no other batch buys a later one, then sends them one after another. */
  const openAndRequest = async (
    groups: (readonly Parcel[])[],
    {
      settlements = [],
      aboutTexts = false,
      free = false,
      again = false,
      laterTokens = 0,
    }: {
      settlements?: Settlement[];
      aboutTexts?: boolean;
      free?: boolean;
      again?: boolean;
      laterTokens?: number;
    } = {},
  ): Promise<void> => {
    const opens = groups.map(attempts.ofGroup);
    await commit({ settlements, opens });
    for (const attempt of opens) unsent.set(attempt.requestId, attempt);
    if (aboutTexts) await canary.afterRefusal(canaryRequest());
    // A refusal that is known to be free uses nothing of the reservation; any other failure may have been billed.
    if (!free) await afford(0, laterTokens);
    for (const [index, attempt] of opens.entries()) await request(attempt, groups[index] ?? [], again);
  };

  return {
    tally,
    /** The failures recorded so far. */
    failures,
    /** Returns the highest price in the batch's answers, nanodollars a token; null: none is above the bound's. */
    dearest,
    commit,
    /** Creates the ledger row that claims these samples' texts before anything is sent. */
    attempt(samples: readonly MeasuredSample[]): Attempt {
      const texts = [...new Map(samples.map((sample) => [sample.hash, sample])).values()];
      return attempts.of(
        texts.map((sample) => sample.hash),
        tokensOfAll(texts),
      );
    },
    /** Counts the samples that need no request. */
    count(sorted: SortedBatch): void {
      tally.stored += sorted.ours.length;
      tally.unchanged += sorted.unchanged.length;
      tally.failed += sorted.refused.length;
    },
    /** Sends a canary request before a batch is isolated: if it fails too, the texts are not at fault. */
    async confirm(samples: readonly MeasuredSample[]): Promise<void> {
      await afford(PROBE_TOKENS + tokensOfAll(samples));
      await canary.confirm(canaryRequest());
    },
    /** Records samples that left the catalog after they were planned as failed. */
    async deleted(ids: readonly number[]): Promise<void> {
      if (ids.length > 0) await commit({ failures: ids.map(deletedFailure) });
    },
    /** Records samples whose rows the database cannot read as failed. */
    async unreadable(samples: readonly MeasuredSample[]): Promise<void> {
      if (samples.length > 0) await commit({ failures: samples.map(unreadableFailure) });
    },
    /** Copies vectors bought before and buys the rest; the first request takes over the ledger row of `claimed`. */
    async buy(
      claimed: Attempt,
      samples: readonly MeasuredSample[],
      copies: readonly MeasuredSample[],
    ): Promise<void> {
      const refused = samples.flatMap((sample) =>
        sample.text === ''
          ? emptyFailure(sample)
          : sample.tokensBound === null
            ? tooLongFailure(sample, maxInputTokensOf(plan))
            : [],
      );
      const sent = parcels(samples.filter(({ text, tokensBound }) => text !== '' && tokensBound !== null));
      // Packs each part separately: a repeated request stays the same, even if other parts are stored by now.
      const requests = byPart(sent, partOf).flatMap((part) =>
        packRequests(part, inputs.atMost(), pacer.mostTokens),
      );
      if (copies.length + refused.length > 0)
        await commit({
          copies: copies.map(({ id, text, hash }) => ({ sampleId: id, text, contentHash: hash })),
          failures: refused,
        });
      const opens = requests.map(attempts.ofGroup);
      const [first] = opens;
      if (first === undefined) {
        writer.forgetAccount();
        return store.withdraw([claimed.requestId]);
      }
      first.requestId = claimed.requestId;
      // The claim may name more texts than are left to buy; each request has its own row.
      if (opens.length > 1 || first.hashes.length < claimed.hashes.length) await store.openAttempts(opens);
      for (const attempt of opens) unsent.set(attempt.requestId, attempt);
      if (reservedNanos !== null) await afford(0);
      try {
        await requestAll(opens, requests);
      } finally {
        await this.withdrawUnsent();
      }
    },
    /** Removes attempts that were opened and never sent from the ledger. */
    async withdrawUnsent(): Promise<void> {
      if (unsent.size === 0) return;
      writer.forgetAccount();
      // If this fails, the batch's next claim gives these rows up.
      await store.withdraw([...unsent.keys()]).catch(() => undefined);
      unsent.clear();
    },
  };
}

/** Returns a store error or Blocked first, which a retry meets again; then a 429, which pauses all workers. */
const worstOf = (errors: readonly unknown[]): unknown => {
  const ofType = (type: FailureType): unknown =>
    errors.find((error) => error instanceof EmbeddingError && error.type === type);
  return (
    errors.find((error) => !(error instanceof EmbeddingError)) ??
    ofType(FailureType.Blocked) ??
    ofType(FailureType.RateLimited) ??
    errors[0]
  );
};
