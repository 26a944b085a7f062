/** Milliseconds that a batch spent waiting for others, turns in queues included. */
export interface BatchTimes {
  store: number;
  provider: number;
}

export interface BatchClock {
  readonly times: BatchTimes;
  /** Adds what `work` takes, however it ends. */
  time<T>(who: keyof BatchTimes, work: () => Promise<T>): Promise<T>;
}

export function createBatchClock(): BatchClock {
  const times: BatchTimes = { store: 0, provider: 0 };
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
