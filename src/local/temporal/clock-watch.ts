/**
 * Temporal's server schedules its work by the machine's clock. When the clock is set back by an hour, what it has
 * scheduled for the next seconds comes an hour later: workers get no tasks, and the run stands still.
 */

const LOOK_EVERY_MS = 1000;
/** More than a correction by NTP, and shorter than the time after which a worker counts as lost. */
const TOLERATED_MS = 5000;

export interface ClockOptions {
  /** Epoch ms; default Date.now. */
  wall?: () => number;
  /** Milliseconds of a monotonic clock; default performance.now. */
  steady?: () => number;
}

/** Calls `onSetBack` each time the machine's clock is set back, with the milliseconds. */
export function watchClock(
  onSetBack: (byMs: number) => void,
  { wall = Date.now, steady = () => performance.now() }: ClockOptions = {},
): { look(): void; stop(): void } {
  let before = { wall: wall(), steady: steady() };
  const look = (): void => {
    const now = { wall: wall(), steady: steady() };
    const ahead = now.wall - before.wall - (now.steady - before.steady);
    before = now;
    // A clock set forwards, also by a sleep of the machine, only makes the server's work early: nothing stands still.
    if (ahead < -TOLERATED_MS) onSetBack(-ahead);
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return { look, stop: () => clearInterval(timer) };
}
