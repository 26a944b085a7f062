/** Reads a value from local storage. Returns `otherwise` when it is missing or invalid, or when there is no storage. */
export function kept<T>(key: string, otherwise: T, isFit: (value: unknown) => value is T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return isFit(value) ? value : otherwise;
  } catch {
    return otherwise;
  }
}

/** @returns whether the value was stored. */
export function keep(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
