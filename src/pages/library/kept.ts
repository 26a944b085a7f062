/** What the browser keeps between visits. A browser that keeps nothing is as one that was never here. */
export function kept<T>(key: string, otherwise: T, isFit: (value: unknown) => value is T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return isFit(value) ? value : otherwise;
  } catch {
    return otherwise;
  }
}

/** @returns whether it is kept. */
export function keep(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
