/** What a batch writes for its samples: their vectors, or why they failed. */
import { FailureType } from '../contract/failure.js';
import type { PlannedGeneration } from '../contract/generation.js';
import type { BatchCommit } from '../engines/types.js';
import { storedForm } from '../engines/vector-form.js';
import type { EmbeddingError } from '../providers/errors/errors.js';
import type { EmbedAnswer } from '../providers/types.js';
import type { MeasuredSample } from './measure.js';
import type { Parcel } from './pack-requests.js';
import { EMPTY_TEXT } from './samples.js';

type Failure = BatchCommit['failures'][number];

/** Returns the bought vectors in the form that the generation stores: shortened, or in eight-bit numbers. */
export const vectorsOf = (
  group: readonly Parcel[],
  answer: EmbedAnswer,
  generation: PlannedGeneration | undefined,
): BatchCommit['vectors'] =>
  group.flatMap((parcel, index) => {
    const bought = answer.vectors[index];
    if (bought === null || bought === undefined) return [];
    const vector = generation === undefined ? bought : storedForm(bought, generation);
    return parcel.samples.map((sample) => ({
      sampleId: sample.id,
      text: sample.text,
      contentHash: sample.hash,
      vector,
    }));
  });

export const failureOf = (
  sample: MeasuredSample,
  error: Pick<EmbeddingError, 'type' | 'message'>,
): Failure => ({
  sampleId: sample.id,
  reason: error.type,
  message: error.message,
  contentHash: sample.hash,
  permanent: error.type === FailureType.Rejected,
  attempts: 1,
});

export const tooLongFailure = (sample: MeasuredSample, limit: number | null): Failure =>
  failureOf(sample, {
    type: FailureType.Rejected,
    message: `the text is longer than the model's limit of ${limit?.toLocaleString('en')} tokens`,
  });

/**
 * Returns the failure of an empty text, which no provider accepts and which has no meaning. Each run finds it again
 * until the row is filled.
 */
export const emptyFailure = (sample: MeasuredSample): Failure =>
  failureOf(sample, { type: FailureType.Rejected, message: EMPTY_TEXT });

/** Returns a failure that is not permanent: nothing was sent, and the next run may find another row. */
const unsent = (sampleId: number, reason: FailureType, message: string): Failure => ({
  sampleId,
  reason,
  message,
  contentHash: null,
  permanent: false,
  attempts: 0,
});

/** Returns the failure of a sample that left the catalog after it was planned. */
export const deletedFailure = (sampleId: number): Failure =>
  unsent(sampleId, FailureType.Deleted, 'deleted from the catalog while the run was under way');

/** Returns the failure of a sample whose row the database cannot return. */
export const unreadableFailure = ({ id, unreadable = '' }: MeasuredSample): Failure =>
  unsent(id, FailureType.Unreadable, `the catalog's database cannot give the row: ${unreadable}`);
