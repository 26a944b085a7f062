const LOOK_MS = 500;
/**
 * A worker that does not run for this long may be given up: heartbeats are sent at least every 6.4 s, and Temporal gives
 * a batch to another worker 8 s after the last one.
 */
const STANDSTILL_MS = 1500;

/** Milliseconds of a monotonic clock, and of the wall clock. */
export interface Moment {
  monotonic: number;
  wall: number;
}

export const now = (): Moment => ({ monotonic: performance.now(), wall: Date.now() });

/** Notices that this process did not run for a while: it was stopped (SIGSTOP), or the machine slept. */
export interface Standstill {
  /** Milliseconds of the monotonic clock at the end of the last standstill; -Infinity: there was none. */
  lastEnd(): number;
  stop(): void;
}

/**
 * Starts watching. `from`: the moment that the first look is compared with. Two clocks are compared, because the
 * monotonic clock does not count the time in which the machine sleeps. A wall clock that is set forward looks like a
 * standstill too, which only costs a read.
 */
export function watchStandstill(from: Moment, clock: () => Moment = now): Standstill {
  let last = from;
  let end = Number.NEGATIVE_INFINITY;
  const look = (): void => {
    const at = clock();
    if (at.monotonic - last.monotonic > STANDSTILL_MS || at.wall - last.wall > STANDSTILL_MS)
      end = at.monotonic;
    last = at;
  };
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return {
    lastEnd() {
      // Right after a standstill this may be called before the timer fires.
      look();
      return end;
    },
    stop: () => clearInterval(timer),
  };
}
