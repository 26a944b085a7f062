import type { TextForm } from '../collections/collection.js';
import { documentForm } from '../collections/document-form.js';
import type { PlannedGeneration } from '../contract/generation.js';
import type { Store } from '../engines/store.js';
import type { VectorRow } from '../engines/types.js';
import { readVector, shortened, vectorBytes, writeVector } from '../engines/vector-form.js';
import { contentHash } from '../providers/fingerprint.js';

const PAGE = 500;
/** Run and batch id of rows that no run has bought. */
const DERIVED = 'derived';

/**
 * Computes the vectors of a generation from those of its source: their first numbers, scaled to length 1 again, in its
 * form. Rows that it already holds of the same text are left. Nothing is sent. `progress` is called with the number of
 * rows read.
 * @returns the number of rows written.
 */
export async function deriveGeneration(
  store: Store,
  { source, target }: { source: PlannedGeneration; target: PlannedGeneration },
  progress: (done: number) => void = () => undefined,
): Promise<number> {
  const [from, to] = [store.of(source.number), store.of(target.number)];
  const { inputType } = documentForm({ text: NO_TEXT, model: source.recipe });
  const { model, dimensions } = source.recipe;
  const hashOf = (text: string, generation: PlannedGeneration): string =>
    contentHash({ model, dimensions, text, inputType, storedAs: generation });
  let written = 0;
  let done = 0;
  for (let after: number | null = null; ; ) {
    const bytes = vectorBytes(source.dimensions, source.form);
    const page = await from.vectorPage({ after, limit: PAGE, bytes, table: 'ours' });
    const there = new Map(
      (await to.storedRows(page.rows.map(({ sampleId }) => sampleId))).map((row) => [row.sampleId, row]),
    );
    const vectors: VectorRow[] = [];
    for (const { sampleId, vector, text, contentHash: hash } of page.rows) {
      // Damaged rows, and rows whose text does not match their hash, are left to a run.
      if (vector === null || text === null || hash !== hashOf(text, source)) continue;
      const wanted = hashOf(text, target);
      if (there.get(sampleId)?.contentHash === wanted) continue;
      const numbers = shortened(readVector(vector), target.dimensions);
      vectors.push({ sampleId, text, contentHash: wanted, vector: writeVector(numbers, target.form) });
    }
    if (vectors.length > 0)
      await to.commit({
        ...{ runId: DERIVED, batchId: DERIVED, model, runStartedAt: new Date().toISOString() },
        ...{ fence: await to.fence(), vectors, copies: [], failures: [], settlements: [], notedDelta: 0 },
      });
    written += vectors.length;
    done += page.rows.length;
    progress(done);
    if (page.last) return written;
    after = page.rows.at(-1)?.sampleId ?? null;
  }
}

const NO_TEXT: TextForm = { fields: [], source: null, render: () => ({ text: '', notes: [] }) };
