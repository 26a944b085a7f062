import { LRUCache } from 'lru-cache';
import type { MeasuredSample } from './measure.js';

/** Samples as planning read them a moment ago, so that their batch need not read and hash them again. */
export interface PlannedSamples {
  /** Keeps a sample that was put into a batch of that run. */
  remember(runId: string, sample: MeasuredSample): void;
  /**
   * Returns the samples of these ids that were read for that run a moment ago. Each sample is returned once; a retry
   * reads it from the catalog again.
   */
  take(runId: string, ids: readonly number[]): MeasuredSample[];
}

/** A batch that waited longer is read again, so that the catalog's current texts are bought. */
const FRESH_MS = 10_000;
/** Twice the samples that a run plans ahead with eight requests of a hundred texts in flight. */
const MOST = 8192;
/** Longer texts are rare, and are not kept in memory. */
const LONGEST = 4000;

/**
 * Creates the memory of one worker; a batch that another worker planned is read from the catalog. `now`: milliseconds
 * of a monotonic clock.
 */
export function createPlannedSamples(now = () => performance.now()): PlannedSamples {
  const planned = new LRUCache<number, { runId: string; sample: MeasuredSample }>({
    ...{ max: MOST, ttl: FRESH_MS, ttlResolution: 0, perf: { now } },
  });
  return {
    remember(runId, sample) {
      if (sample.text.length <= LONGEST) planned.set(sample.id, { runId, sample });
    },
    take(runId, ids) {
      const samples: MeasuredSample[] = [];
      for (const id of ids) {
        const known = planned.get(id);
        if (known?.runId !== runId) continue;
        planned.delete(id);
        samples.push(known.sample);
      }
      return samples;
    },
  };
}
