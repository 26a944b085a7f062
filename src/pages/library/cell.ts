/** A value that others watch. */
export interface Cell<T> {
  get(): T;
  /** Tells the watchers, also where nothing has changed. */
  set(value: T): void;
  watch(told: (value: T) => void): void;
}

export function cell<T>(first: T): Cell<T> {
  let value = first;
  const watchers: ((value: T) => void)[] = [];
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const told of watchers) told(next);
    },
    watch: (told) => void watchers.push(told),
  };
}
