import { randomUUID } from 'node:crypto';
import { FailureType, type RunPlan } from '../contract.js';
import { EmbeddingError } from '../embedding/errors.js';
import { MAX_INPUT_TOKENS, tooLong } from '../embedding/tokens.js';
import type { EmbedAnswer } from '../embedding/types.js';
import type { Attempt, BatchAccount, BatchCommit } from '../store/types.js';
import { tokensOf } from './count-usage.js';
import type { Dependencies } from './dependencies.js';
import { type Doubt, HARMLESS } from './doubt.js';
import type { SortedBatch } from './embed-batch.js';
import type { FailedSample } from './note-failures.js';
import { type Parcel, packRequests, parcels } from './pack-requests.js';
import { persistently } from './persist.js';
import { type RenderedSample, subjectOf } from './samples.js';
import { settledBy, settlementOf } from './settlement.js';

export interface Purchase {
  plan: RunPlan;
  batchId: string;
  /** Tokens of a text, at most. */
  measure: (text: string) => number;
  doubt: Doubt;
  /** What the run's cap holds back for this batch; null: no cap. */
  reservedNanos: number | null;
  signal: AbortSignal;
}

/** Buys the texts of one batch: a ledger row before each request, one transaction after it. */
export function createBuyer(
  dependencies: Dependencies,
  { plan, batchId, measure, doubt, reservedNanos, signal }: Purchase,
) {
  const { store, provider, limiter, pacer, throttle, log } = dependencies;
  const tally = { stored: 0, copied: 0, unchanged: 0, failed: 0 };
  const failures: FailedSample[] = [];
  /** Of the newest commit, unless an attempt was withdrawn since; one that was opened ends in a commit. */
  let account: BatchAccount | null = null;

  const attemptFor = (hashes: readonly string[], tokensBound: number): Attempt => ({
    requestId: randomUUID(),
    runId: plan.runId,
    batchId,
    model: plan.model,
    operation: 'embeddings',
    boundNanos: plan.nanosPerToken === null ? null : Math.ceil(tokensBound * plan.nanosPerToken),
    hashes,
  });

  const commit = async (change: Partial<BatchCommit>): Promise<void> => {
    const whole: BatchCommit = {
      runId: plan.runId,
      batchId,
      model: plan.model,
      runStartedAt: plan.startedAt,
      vectors: [],
      copies: [],
      failures: [],
      settlements: [],
      notedDelta: 0,
      ...change,
    };
    account = await persistently(() => store.commit(whole));
    tally.stored += whole.vectors.length + whole.copies.length;
    tally.copied += whole.copies.length;
    tally.failed += whole.failures.length;
    failures.push(...whole.failures);
  };

  const refusal = (sample: RenderedSample, message: string) => ({
    sampleId: sample.id,
    reason: FailureType.Rejected,
    message,
    contentHash: sample.hash,
    permanent: true,
    attempts: 1,
  });

  /** One request; a refused one is halved until only what is refused is left, each half's success stored at once. */
  const request = async (attempt: Attempt, group: Parcel[]): Promise<void> => {
    const subject = subjectOf(group.flatMap((parcel) => parcel.samples.map((sample) => sample.id)));
    let answer: EmbedAnswer;
    try {
      answer = await limiter.run(async (received) => {
        const estimate = group.reduce((sum, parcel) => sum + parcel.tokensEstimate, 0);
        await pacer.take(estimate, signal);
        // Not given the cancellation: what has been sent is paid for, so it is stored even by a run that ends.
        const texts = group.map((parcel) => parcel.text);
        const { model, dimensions } = plan;
        const bought = await throttle.run(
          () => provider.embed({ model, dimensions, texts, subject, received }),
          signal,
        );
        pacer.counted(estimate, bought.tokens);
        doubt.answered(model);
        return bought;
      }, signal);
    } catch (error) {
      if (!(error instanceof EmbeddingError)) {
        await store.withdraw(attempt.requestId);
        throw error;
      }
      const settlements = [settlementOf(attempt, error)];
      if (error.type !== FailureType.Rejected) {
        await commit({ settlements });
        log.warn({ run: plan.runId, batch: batchId, type: error.type }, error.message);
        throw error;
      }
      await commit({ settlements });
      // Too large says nothing of the texts.
      if (error.status !== 413)
        await doubt.settle({
          plan,
          attempt: () => attemptFor([], measure(HARMLESS)),
          commit,
          reservedNanos,
        });
      if (group.length === 1) {
        const failures = group.flatMap((parcel) =>
          parcel.samples.map((sample) => refusal(sample, error.message)),
        );
        return commit({ failures });
      }
      const middle = Math.ceil(group.length / 2);
      for (const half of [group.slice(0, middle), group.slice(middle)]) await openAndRequest(half);
      return;
    }
    const tokens = await tokensOf(
      answer,
      group.map((parcel) => parcel.text),
      plan,
    );
    const noted = group.flatMap((parcel) => parcel.samples).filter((sample) => sample.notes.length > 0);
    await commit({
      vectors: vectorsOf(group, answer),
      settlements: [settledBy(attempt, answer, tokens, plan.nanosPerToken)],
      notedDelta: noted.length,
    });
  };

  const openAndRequest = async (group: Parcel[]): Promise<void> => {
    const attempt = attemptFor(
      group.map((parcel) => parcel.hash),
      group.reduce((sum, parcel) => sum + measure(parcel.text), 0),
    );
    await store.openAttempt(attempt);
    await request(attempt, group);
  };

  return {
    tally,
    /** Those written down so far. */
    failures,
    /** What the ledger holds for the batch, where the last commit has told; null: ask. */
    account: (): BatchAccount | null => account,
    /** The ledger row that claims these samples' texts before anything is sent. */
    attempt: (samples: readonly RenderedSample[]): Attempt =>
      attemptFor(
        [...new Set(samples.map((sample) => sample.hash))],
        samples.reduce((sum, sample) => sum + measure(sample.text), 0),
      ),
    /** Counts what needs no request. */
    count(sorted: SortedBatch): void {
      tally.stored += sorted.ours.length;
      tally.unchanged += sorted.unchanged.length;
      tally.failed += sorted.refused.length;
    },
    /** Samples that left the catalog after they were planned. */
    async deleted(ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      const message = 'deleted from the catalog while the run was under way';
      const failure = {
        reason: FailureType.Deleted,
        message,
        contentHash: null,
        permanent: false,
        attempts: 0,
      };
      await commit({ failures: ids.map((sampleId) => ({ sampleId, ...failure })) });
    },
    /** Samples whose rows the database cannot give. */
    async unreadable(samples: readonly RenderedSample[]): Promise<void> {
      if (samples.length === 0) return;
      await commit({
        failures: samples.map(({ id, unreadable = '' }) => ({
          sampleId: id,
          reason: FailureType.Unreadable,
          message: `the catalog's database cannot give the row: ${unreadable}`,
          contentHash: null,
          permanent: false,
          attempts: 0,
        })),
      });
    },
    /** Copies what was bought before and buys the rest; the claimed attempt is the first request's ledger row. */
    async buy(
      attempt: Attempt,
      samples: readonly RenderedSample[],
      copies: readonly RenderedSample[],
    ): Promise<void> {
      const long = new Set<RenderedSample>();
      if (plan.model.startsWith('openai/'))
        for (const sample of samples) if (await tooLong(sample.text, MAX_INPUT_TOKENS)) long.add(sample);
      const requests = packRequests(parcels(samples.filter((sample) => !long.has(sample))));
      const failures = [...long].map((sample) =>
        refusal(
          sample,
          `the text is longer than the model's limit of ${MAX_INPUT_TOKENS.toLocaleString('en')} tokens`,
        ),
      );
      if (copies.length + failures.length > 0)
        await commit({
          copies: copies.map(({ id, text, hash }) => ({ sampleId: id, text, contentHash: hash })),
          failures,
        });
      const [first, ...more] = requests;
      if (first === undefined) {
        account = null;
        return store.withdraw(attempt.requestId);
      }
      await request(attempt, first);
      for (const group of more) await openAndRequest(group);
    },
  };
}

const vectorsOf = (group: Parcel[], answer: EmbedAnswer): BatchCommit['vectors'] =>
  group.flatMap((parcel, index) =>
    parcel.samples.map((sample) => ({
      sampleId: sample.id,
      text: sample.text,
      contentHash: sample.hash,
      // The answer was checked to hold one vector for each text.
      vector: answer.vectors[index] as Uint8Array,
    })),
  );
