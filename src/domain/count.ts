/** `12,345`, in sentences. */
export const count = (value: number): string => value.toLocaleString('en');
