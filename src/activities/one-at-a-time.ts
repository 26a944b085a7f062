/**
 * Runs work of the same name one after another. When the server was away, Temporal gives up an attempt whose heartbeats
 * it missed and starts the next, while the first still waits for an answer that is paid for.
 */
export function createOneAtATime() {
  const underWay = new Map<string, Promise<unknown>>();
  return async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    for (let earlier = underWay.get(name); earlier !== undefined; earlier = underWay.get(name)) await earlier;
    const working = work();
    const ended = working.then(
      () => undefined,
      () => undefined,
    );
    underWay.set(name, ended);
    try {
      return await working;
    } finally {
      underWay.delete(name);
    }
  };
}
