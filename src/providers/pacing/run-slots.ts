import { createLimiter, type Limiter } from './limiter.js';

export interface RunSlots {
  /**
   * Returns the slots of one run: at most `atMost` of its requests at once, and all runs together at most the worker's
   * own limit. The smaller limit holds; a run does not change other runs' limits.
   */
  of(runId: string, atMost: number): Limiter['run'];
}

/** Creates the slots of all runs. `worker`: the worker's own limit, which no run changes. */
export function createRunSlots(worker: Limiter): RunSlots {
  const runs = new Map<string, { own: Limiter; users: number }>();

  return {
    of(runId, atMost) {
      if (atMost >= worker.limit) return worker.run;
      return async (fn, signal) => {
        const run = runs.get(runId) ?? { own: createLimiter(atMost), users: 0 };
        runs.set(runId, run);
        run.own.setLimit(atMost);
        run.users += 1;
        try {
          return await run.own.run(
            (releaseOwn) =>
              worker.run(
                (release) =>
                  fn(() => {
                    release();
                    releaseOwn();
                  }),
                signal,
              ),
            signal,
          );
        } finally {
          run.users -= 1;
          if (run.users === 0) runs.delete(runId);
        }
      };
    },
  };
}
