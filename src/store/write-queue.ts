import { storeError } from './errors.js';

export interface WriteQueue {
  /** Runs when every earlier write has ended. `deadline`: epoch ms, counted from this call, waiting included. */
  run<T>(operation: string, write: (deadline: number) => Promise<T>): Promise<T>;
  /** Resolves when nothing is waiting or running any more. */
  idle(): Promise<void>;
}

/** One write at a time in this process: parallel writers wedge sqld until it is restarted. */
export function createWriteQueue(deadlineMs: number): WriteQueue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(operation, write) {
      const deadline = Date.now() + deadlineMs;
      const turn = last.then(() => {
        if (Date.now() < deadline) return write(deadline);
        throw storeError(operation, new Error(`no turn to write within ${deadlineMs} ms`));
      });
      last = turn.catch(() => undefined);
      return turn;
    },
    async idle() {
      await last;
    },
  };
}
