import type { DocumentForm } from '../collections/document-form.js';
import type { PlannedGeneration } from '../contract/generation.js';
import type { RunPlan } from '../contract/plan.js';
import type { StoredRow } from '../engines/types.js';
import { vectorBytes } from '../engines/vector-form.js';
import { contentHash } from '../providers/fingerprint.js';
import type { SampleRow } from '../sources/types.js';

/** Why a sample whose text is empty fails. */
export const EMPTY_TEXT =
  'its text is empty, since the row has none of the fields that the text is made of: fill one in the catalog, or ' +
  'exclude such rows with a SELECT';

const OLD_SCRIPT_MODEL = 'openai/text-embedding-3-small';

/** A sample as it would be embedded today. */
export interface RenderedSample {
  id: number;
  /** Its id in the catalog where that is text. */
  textId?: string;
  text: string;
  hash: string;
  notes: string[];
  /** Why the database cannot return its row: it is not embedded. Absent: it can. */
  unreadable?: string;
}

export function renderSample(
  row: SampleRow,
  plan: Pick<RunPlan, 'model' | 'dimensions' | 'generation'>,
  form: DocumentForm,
): RenderedSample {
  const { text, notes } = form.render(row);
  const named = { id: row.id, ...(row.textId !== undefined && { textId: row.textId }) };
  // This text is not the sample's: the empty hash equals no stored hash.
  if (row.unreadable !== undefined) return { ...named, text, notes, hash: '', unreadable: row.unreadable };
  return {
    ...named,
    text,
    notes,
    hash: contentHash({
      ...{ model: plan.model, dimensions: plan.dimensions, text, inputType: form.inputType },
      ...(plan.generation && { storedAs: plan.generation }),
    }),
  };
}

type Whose = Pick<RunPlan, 'dimensions' | 'generation'>;

/** Returns the length and form of a stored vector. */
export const storedAs = ({ dimensions, generation }: Whose): Pick<PlannedGeneration, 'dimensions' | 'form'> =>
  generation ?? { dimensions, form: 'float32' };

/** Returns the bytes of a stored vector. */
export function bytesOf(whose: Whose): number {
  const { dimensions, form } = storedAs(whose);
  return vectorBytes(dimensions, form);
}

/** Returns what the stored row means for this sample: nothing to do, adopt it without paying, or embed. */
export function compareStored(
  sample: RenderedSample,
  stored: StoredRow | undefined,
  plan: Pick<RunPlan, 'runId' | 'model' | 'dimensions' | 'generation' | 'reset'>,
): 'current' | 'ours' | 'adoptable' | 'stale' {
  if (sample.unreadable !== undefined) return 'stale';
  if (stored === undefined || stored.vectorBytes !== bytesOf(plan)) return 'stale';
  if (stored.contentHash === sample.hash) {
    if (stored.runId === plan.runId) return 'ours';
    return plan.reset ? 'stale' : 'current';
  }
  // The old script kept the text but no hash: equal text means an equal vector, from the one model it ever used.
  const adoptable =
    stored.contentHash === null &&
    stored.source === sample.text &&
    !plan.reset &&
    plan.model === OLD_SCRIPT_MODEL;
  return adoptable ? 'adoptable' : 'stale';
}

/** `samples 101–200`, or `100 samples from kicks/1.wav to pads/7.wav` where ids are text; for sentences and summaries. */
export function subjectOf(samples: readonly Pick<RenderedSample, 'id' | 'textId'>[]): string {
  const first = samples[0];
  const last = samples.at(-1);
  if (samples.length === 1) return `sample ${first?.textId ?? first?.id}`;
  if (first?.textId === undefined) return `samples ${first?.id}–${last?.id}`;
  return `${samples.length} samples from ${first.textId} to ${last?.textId}`;
}
