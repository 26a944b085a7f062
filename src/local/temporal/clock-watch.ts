/**
 * The trouble: Temporal's server times what it has to do by the machine's clock. Where that is set back by an hour, what
 * it has planned for the next seconds comes an hour later: workers hear nothing, and the run stands.
 */

const LOOK_EVERY_MS = 1000;
/** Below what a correction by NTP comes to, and shorter than the time after which a worker counts as lost. */
const TOLERATED_MS = 5000;

export interface ClockOptions {
  /** Epoch ms; default Date.now. */
  wall?: () => number;
  /** Milliseconds of a clock that nobody sets; default performance.now. */
  steady?: () => number;
}

/** Calls `onSetBack` with by how many milliseconds the machine's clock was set back, each time that it is. */
export function watchClock(
  onSetBack: (byMs: number) => void,
  { wall = Date.now, steady = () => performance.now() }: ClockOptions = {},
): { look(): void; stop(): void } {
  let before = { wall: wall(), steady: steady() };
  const look = (): void => {
    const now = { wall: wall(), steady: steady() };
    const ahead = now.wall - before.wall - (now.steady - before.steady);
    before = now;
    // Set forwards, or after a sleep of the machine, the server finds things to do early: nothing stands.
    if (ahead < -TOLERATED_MS) onSetBack(-ahead);
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return { look, stop: () => clearInterval(timer) };
}
