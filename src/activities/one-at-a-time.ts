/**
 * Work of the same name follows one another: Temporal gives up on an attempt whose heartbeats it missed (its server was
 * away), while that attempt is still waiting for an answer that is paid for.
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
