/** A semaphore, first in, first out. */
export interface Limiter {
  /**
   * Runs `fn` once a slot is free. An abort while it waits rejects with the signal's reason, and `fn` never runs. `fn`
   * may call `release` to give its slot back before it ends.
   */
  run<T>(fn: (release: () => void) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Sets the number of slots, at least 1. When it is lowered, running calls finish. */
  setLimit(limit: number): void;
  /** Number of slots. */
  readonly limit: number;
  /** Slots in use. */
  readonly active: number;
  /** Calls that wait for a slot. */
  readonly waiting: number;
}

/** Creates a limiter. `limit`: number of slots, an integer from 1; throws a RangeError otherwise. */
export function createLimiter(limit: number): Limiter {
  let allowed = checked(limit);
  let active = 0;
  const queue = new Set<() => void>();

  const admit = (): void => {
    for (const start of queue) {
      if (active >= allowed) return;
      queue.delete(start);
      active += 1;
      start();
    }
  };

  const slot = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const give = (): void => {
        queue.delete(start);
        reject(signal?.reason);
      };
      const start = (): void => {
        signal?.removeEventListener('abort', give);
        resolve();
      };
      signal?.addEventListener('abort', give, { once: true });
      queue.add(start);
      admit();
    });

  return {
    async run(fn, signal) {
      signal?.throwIfAborted();
      await slot(signal);
      let held = true;
      const release = (): void => {
        if (!held) return;
        held = false;
        active -= 1;
        admit();
      };
      try {
        // The slot may have been granted in the same tick as the abort.
        signal?.throwIfAborted();
        return await fn(release);
      } finally {
        release();
      }
    },
    setLimit(next) {
      allowed = checked(next);
      admit();
    },
    get limit() {
      return allowed;
    },
    get active() {
      return active;
    },
    get waiting() {
      return queue.size;
    },
  };
}

function checked(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1)
    throw new RangeError(`a limit must be an integer from 1, got ${limit}`);
  return limit;
}
