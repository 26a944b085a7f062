import type { DocumentForm } from '../collections/document-form.js';
import type { Catalog } from '../sources/types.js';
import { count } from './count.js';

/** Number of samples with fields that cannot be used, and how often each note occurs. */
export interface LeftOut {
  samples: number;
  /** Samples by note, such as `tags: not a list`. */
  notes: ReadonlyMap<string, number>;
}

const SHOWN_NOTES = 3;

export interface LeftOutTally extends LeftOut {
  /** Adds one sample's notes. */
  add(notes: readonly string[]): void;
}

export function tallyLeftOut(): LeftOutTally {
  const notes = new Map<string, number>();
  return {
    samples: 0,
    notes,
    add(ofSample) {
      if (ofSample.length > 0) this.samples += 1;
      for (const note of ofSample) notes.set(note, (notes.get(note) ?? 0) + 1);
    },
  };
}

/** `none`, or `in 12 samples (tags: not a list in 8, bpm: not a number in 4): embeddings explain ID shows them`. */
export function leftOutSentence({ samples, notes }: LeftOut): string {
  if (samples === 0) return 'none';
  const often = [...notes].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  const shown = often.slice(0, SHOWN_NOTES).map(([note, times]) => `${note} in ${count(times)}`);
  if (often.length > SHOWN_NOTES) shown.push('…');
  return `in ${count(samples)} sample${samples === 1 ? '' : 's'} (${shown.join(', ')}): embeddings explain ID shows them`;
}

/** Counts the fields left out of the texts of a catalog's first `limit` samples. */
export async function leftOutOfFirst(
  catalog: Pick<Catalog, 'readPage'>,
  form: Pick<DocumentForm, 'render'>,
  limit: number,
): Promise<LeftOut> {
  const tally = tallyLeftOut();
  for (const row of await catalog.readPage({ after: null, limit }))
    if (row.unreadable === undefined) tally.add(form.render(row).notes);
  return tally;
}
