/** Creates a clock that stands still while code runs, and jumps to the next wake-up time when all callers sleep. */
export function createVirtualClock() {
  let now = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    now: () => now,
    sleep: (ms: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        sleepers.push({ at: now + ms, wake: resolve });
      }),
    /** Lets time pass until `until` (ms), and wakes the sleepers that are due. */
    async run(until: number): Promise<void> {
      for (;;) {
        await settle();
        const next = sleepers.reduce((first, each) => Math.min(first, each.at), Number.POSITIVE_INFINITY);
        if (next > until) break;
        now = next;
        for (const due of sleepers.filter(({ at }) => at <= next)) {
          sleepers.splice(sleepers.indexOf(due), 1);
          due.wake();
        }
      }
      now = until;
    },
  };
}
