import type { BatchWaits } from '../contract/activities.js';

export interface BatchClock {
  readonly times: BatchWaits;
  /** Runs `work` and adds its milliseconds to `times`, also when it throws. */
  time<T>(who: keyof BatchWaits, work: () => Promise<T>): Promise<T>;
}

export function createBatchClock(): BatchClock {
  const times: BatchWaits = { store: 0, provider: 0 };
  return {
    times,
    async time(who, work) {
      const began = performance.now();
      try {
        return await work();
      } finally {
        times[who] += Math.round(performance.now() - began);
      }
    },
  };
}
