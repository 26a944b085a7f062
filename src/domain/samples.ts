import type { DocumentForm } from '../collections/document-form.js';
import type { RunPlan } from '../contract/plan.js';
import type { StoredRow } from '../engines/types.js';
import { contentHash } from '../providers/fingerprint.js';
import type { SampleRow } from '../sources/types.js';

const OLD_SCRIPT_MODEL = 'openai/text-embedding-3-small';

/** A sample as it would be embedded today. */
export interface RenderedSample {
  id: number;
  text: string;
  hash: string;
  notes: string[];
  /** The database cannot give its row, and why: it is not embedded. Absent: it can. */
  unreadable?: string;
}

export function renderSample(
  row: SampleRow,
  plan: Pick<RunPlan, 'model' | 'dimensions'>,
  form: DocumentForm,
): RenderedSample {
  const { text, notes } = form.render(row);
  // Its text is not the sample's: it equals nothing that is stored.
  if (row.unreadable !== undefined) return { id: row.id, text, notes, hash: '', unreadable: row.unreadable };
  return {
    id: row.id,
    text,
    notes,
    hash: contentHash({ model: plan.model, dimensions: plan.dimensions, text, inputType: form.inputType }),
  };
}

/** What the stored row means for this sample: nothing to do, adopt it without paying, or embed. */
export function compareStored(
  sample: RenderedSample,
  stored: StoredRow | undefined,
  plan: Pick<RunPlan, 'runId' | 'model' | 'dimensions' | 'reset'>,
): 'current' | 'ours' | 'adoptable' | 'stale' {
  if (sample.unreadable !== undefined) return 'stale';
  if (stored === undefined || stored.vectorBytes !== 4 * plan.dimensions) return 'stale';
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

/** `samples 101–200`, for sentences and summaries. */
export function subjectOf(ids: readonly number[]): string {
  if (ids.length === 1) return `sample ${ids[0]}`;
  return `samples ${ids[0]}–${ids[ids.length - 1]}`;
}
