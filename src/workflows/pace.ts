/** The run's recent progress in workflow time: pairs of epoch ms and samples done, oldest first. */
export type Pace = [at: number, done: number][];

const LATELY_MS = 60_000;
const APART_MS = 2000;

/** Adds the current progress. `moving` false clears the list: a wait for a person says nothing about the speed. */
export function notePace(pace: Pace, now: number, done: number, moving: boolean): Pace {
  if (!moving) return [];
  const last = pace.at(-1);
  if (last !== undefined && now - last[0] < APART_MS) return pace;
  const next: Pace = [...pace, [now, done]];
  while (next[1] !== undefined && now - next[1][0] >= LATELY_MS) next.shift();
  return next;
}

/** Returns samples a second over the last minute; null while too little is known. */
export function perSecond(pace: Pace, now: number, done: number): number | null {
  const first = pace[0];
  if (first === undefined) return null;
  const [since, before] = first;
  return now - since < 1000 || done <= before ? null : ((done - before) * 1000) / (now - since);
}
