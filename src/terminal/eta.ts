interface ProgressPoint {
  done: number;
  total: number;
  moving: boolean;
}

/**
 * Returns the time left in milliseconds, by the pace since the first call; null while that is not known. Time in which
 * the run waits for a person is not counted; a provider's pauses are.
 */
export function createEta(now: () => number): (point: ProgressPoint) => number | null {
  let first: number | null = null;
  let before: { at: number; moving: boolean } | null = null;
  let spentMs = 0;
  return ({ done, total, moving }) => {
    const at = now();
    if (before?.moving === true) spentMs += at - before.at;
    before = { at, moving };
    first ??= done;
    const made = done - first;
    return made > 0 ? (spentMs / made) * Math.max(0, total - done) : null;
  };
}
