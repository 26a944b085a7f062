import type { RunPlan } from '../contract/plan.js';
import type { FailedSample } from '../domain/note-failures.js';
import type { BatchWriter, Change } from './commits.js';
import type { Dependencies } from './dependencies.js';

/** The results that a batch has written so far. */
export interface BatchBooks {
  tally: { stored: number; copied: number; unchanged: number; failed: number };
  failures: FailedSample[];
  commit(change: Change): Promise<void>;
}

/** Writes a batch's changes and counts them. */
export function createBatchBooks(
  { log }: Pick<Dependencies, 'log'>,
  { plan, batchId, writer }: { plan: RunPlan; batchId: string; writer: BatchWriter },
): BatchBooks {
  const tally = { stored: 0, copied: 0, unchanged: 0, failed: 0 };
  const failures: FailedSample[] = [];
  return {
    tally,
    failures,
    async commit(change) {
      const { superseded } = await writer.write(change);
      const { vectors = [], copies = [], failures: failed = [] } = change;
      if (superseded.length > 0)
        log.warn(
          { run: plan.runId, batch: batchId, samples: superseded },
          'rows left as they are: they were written under a newer claim',
        );
      const beaten = new Set(superseded);
      tally.stored += vectors.length + copies.length - beaten.size;
      tally.unchanged += beaten.size;
      tally.copied += copies.filter((row) => !beaten.has(row.sampleId)).length;
      tally.failed += failed.length;
      failures.push(...failed);
    },
  };
}
