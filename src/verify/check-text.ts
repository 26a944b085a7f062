import type { DocumentForm } from '../collections/document-form.js';
import type { PlannedGeneration } from '../contract/generation.js';
import { bytesOf, compareStored, type RenderedSample } from '../domain/samples.js';
import type { StoredVector } from '../engines/libsql/verify-reads.js';
import { contentHash } from '../providers/fingerprint.js';
import type { Problem } from './kinds.js';

/** How vectors are made today. */
export interface Today {
  model: string;
  /** Length of the vectors requested from the provider. */
  dimensions: number;
  form: DocumentForm;
  /** The generation whose vectors are checked; absent: vectors are stored as bought. */
  generation?: PlannedGeneration;
}

const NO_RUN = { runId: 'verify', reset: false };

/**
 * Returns whether the row matches today's catalog. A row of the old script has no fingerprint yet: it is `adoptable` if
 * its text is unchanged, by a run's own rule. Does not check the vector.
 */
export function compareText(
  row: StoredVector,
  sample: RenderedSample,
  today: Today,
): 'current' | 'adoptable' | Problem {
  // Its text cannot be known.
  if (sample.unreadable !== undefined) return 'current';
  const { sampleId, contentHash: hash, model, text: source, runId } = row;
  const stored = { sampleId, contentHash: hash, runId, source, vectorBytes: bytesOf(today) };
  const is = compareStored(sample, stored, { ...NO_RUN, ...today });
  if (is === 'adoptable') return is;
  if (is !== 'stale') return 'current';
  return { kind: 'stale', sampleId, message: whyStale(row, sample, model, today) };
}

function whyStale(row: StoredVector, sample: RenderedSample, model: string | null, today: Today): string {
  if (row.text !== sample.text) return 'the catalog has another text for it today';
  if (model !== null && model !== today.model)
    return `embedded with ${model}, today's model is ${today.model}`;
  if (row.contentHash === null) return `stored by the old script, whose model was not today's ${today.model}`;
  return "its fingerprint is not that of today's text, model and dimensions";
}

/** Checks that the stored text has the stored fingerprint: otherwise it is not known what the vector was made of. */
export function checkFingerprint(
  { sampleId, contentHash: hash, model, text, vectorBytes: bytes }: StoredVector,
  today: Today,
): Problem | null {
  if (hash === null) return null;
  const problem = (message: string): Problem => ({ kind: 'text_mismatch', sampleId, message });
  if (text === null) return problem('there is a fingerprint, but the text it is of is missing');
  // The vector may be cut short, or made with other dimensions: both lengths are tried.
  const dimensions = [today.dimensions, bytes / 4];
  const fits = dimensions.some(
    (each) =>
      contentHash({
        model: model ?? today.model,
        dimensions: each,
        text,
        inputType: today.form.inputType,
        ...(each === today.dimensions && today.generation && { storedAs: today.generation }),
      }) === hash,
  );
  return fits ? null : problem('text and fingerprint differ: one was changed');
}
