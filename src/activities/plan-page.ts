import type { PlanPageInput, PlanPageResult } from '../contract/activities.js';
import type { BatchPlan } from '../contract/plan.js';
import type { Measure, MeasuredSample } from '../domain/measure.js';
import { noteFailures } from '../domain/note-failures.js';
import type { PlannedSamples } from '../domain/planned-samples.js';
import { createReadAhead } from '../domain/read-ahead.js';
import { createSelectionReader, SLICE_ROWS } from '../domain/read-selection.js';
import { compareStored, type RenderedSample, renderSample } from '../domain/samples.js';
import type { FailureRow } from '../engines/types.js';
import { compactIds, expandIds } from '../sources/sample-ids.js';
import type { Dependencies } from './dependencies.js';
import { forPlan } from './for-plan.js';
import { withHeartbeat } from './heartbeat.js';

/** A page ends when it has this many batches. It also ends at `PAGE_ROWS` rows and at `PAGE_BYTES` bytes of ids. */
const PAGE_BATCHES = 24;
/** The first page is short, so that buying starts while the next page is planned. */
const FIRST_PAGE_BATCHES = 8;
const PAGE_ROWS = 20_000;
/** Bytes of ids: a large batch of scattered ids takes tens of thousands. */
const PAGE_BYTES = 400_000;
/** From a database server, slices grow up to this while they contain no work, since each takes round trips. */
const MOST_SLICE_ROWS = 4000;

/**
 * Creates the activity that plans one page: it reads part of the selection and returns only batches that need work.
 * Unchanged rows are left out. Sparse changes are packed into full batches, and the rest goes to the next page as
 * `leftover`.
 */
export const createPlanPage = (dependencies: Dependencies, planned: PlannedSamples, measure: Measure) => {
  const readAhead = createReadAhead();
  /** Where the last page of a run ended, and the size of its next slice: the next page goes on with it. */
  let ended: { runId: string; after: number | null; sliceRows: number } | null = null;
  return (input: PlanPageInput): Promise<PlanPageResult> =>
    withHeartbeat(async (signal) => {
      const { plan, selection } = input;
      const { catalog, store, form } = forPlan(dependencies, plan);
      const read = createSelectionReader(selection, catalog, store);
      // SQLite is read synchronously: reading ahead would only delay the current slice.
      const isServer = catalog.dialect !== 'sqlite';
      const nextSlice = isServer ? readAhead(plan.runId, read) : read;
      let sliceRows =
        ended?.runId === plan.runId && ended.after === input.after ? ended.sliceRows : SLICE_ROWS;
      const waiting = { ids: expandIds(input.leftover.ids), tokensBound: input.leftover.tokensBound };
      const batches: BatchPlan[] = [];
      const page = { selected: 0, unchanged: 0, stored: 0 };
      const failed: FailureRow[] = [];
      let { after } = input;
      let rowsRead = 0;
      let bytes = 0;
      let done = false;

      const close = (): void => {
        if (waiting.ids.length === 0) return;
        const id = `b${input.nextBatch + batches.length}`;
        const ids = compactIds(waiting.ids);
        bytes += ids.length;
        batches.push({ id, ids, count: waiting.ids.length, tokensBound: waiting.tokensBound });
        waiting.ids = [];
        waiting.tokensBound = 0;
      };
      const take = (sample: MeasuredSample): void => {
        planned.remember(plan.runId, sample);
        waiting.ids.push(sample.id);
        waiting.tokensBound += sample.tokensBound ?? 0;
        if (waiting.ids.length >= plan.batchSize) close();
      };

      const enough = input.nextBatch <= 1 ? FIRST_PAGE_BATCHES : PAGE_BATCHES;
      while (batches.length < enough && rowsRead < PAGE_ROWS && bytes < PAGE_BYTES) {
        signal.throwIfAborted();
        const slice = await nextSlice(after, sliceRows);
        if (slice === null) {
          done = true;
          break;
        }
        if (slice.gone.length > 0) await store.forgetFailures(slice.gone);
        const samples = slice.rows.map((row) => renderSample(row, plan, form));
        const ids = samples.map((sample) => sample.id);
        const [rows, failures] = await Promise.all([store.storedRows(ids), store.failuresOf(ids)]);
        const stored = new Map(rows.map((row) => [row.sampleId, row]));
        const refused = new Map(failures.filter((row) => row.permanent).map((row) => [row.sampleId, row]));
        const wanted: RenderedSample[] = [];
        const adopted: { sampleId: number; contentHash: string; model: string }[] = [];
        for (const sample of samples) {
          const is = compareStored(sample, stored.get(sample.id), plan);
          if (is === 'adoptable')
            adopted.push({ sampleId: sample.id, contentHash: sample.hash, model: plan.model });
          const again = selection.kind === 'failed' || plan.reset;
          if (is === 'current' || is === 'adoptable') page.unchanged += 1;
          // Stored by this run already: the run plans again because vectors were missing in the store.
          else if (is === 'ours') page.stored += 1;
          else if (!again && refused.get(sample.id)?.contentHash === sample.hash)
            failed.push(refused.get(sample.id) as FailureRow);
          else wanted.push(sample);
        }
        sliceRows = isServer && wanted.length === 0 ? Math.min(2 * sliceRows, MOST_SLICE_ROWS) : SLICE_ROWS;
        for (const sample of await measure(wanted, plan, input.exactTokens)) take(sample);
        if (adopted.length > 0) await store.adopt(adopted);
        page.selected += samples.length;
        rowsRead += samples.length;
        after = slice.upTo;
      }
      if (done) close();
      ended = { runId: plan.runId, after, sliceRows };
      const leftover = { ids: compactIds(waiting.ids), tokensBound: waiting.tokensBound };
      return { after, done, batches, leftover, ...page, failed: failed.length, ...noteFailures(failed) };
    });
};
