import { type RenderedSample, storedAs } from '../domain/samples.js';
import type { StoredVector } from '../engines/libsql/verify-reads.js';
import { checkFingerprint, compareText, type Today } from './check-text.js';
import { checkVector } from './check-vector.js';
import type { Problem } from './kinds.js';

export interface RowVerdict {
  problems: Problem[];
  /** A row of the old script that the next run can use without paying. */
  adoptable: boolean;
}

/** Returns everything that is wrong with one stored row; `sample` is null when the catalog no longer has it. */
export function checkRow(row: StoredVector, sample: RenderedSample | null, today: Today): RowVerdict {
  // Other problems do not matter, as the row is to be removed.
  if (sample === null) {
    const message = 'the catalog no longer holds this sample';
    return { problems: [{ kind: 'orphan', sampleId: row.sampleId, message }], adoptable: false };
  }
  const vector = checkVector(row, storedAs(today));
  const text = compareText(row, sample, today);
  const problems = [vector, checkFingerprint(row, today), typeof text === 'string' ? null : text].filter(
    (problem) => problem !== null,
  );
  return { problems, adoptable: problems.length === 0 && text === 'adoptable' };
}
