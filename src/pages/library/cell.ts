/** An observable value. */
export interface Cell<T> {
  get(): T;
  /** Sets the value and calls the watchers, even when the value is the same. */
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
