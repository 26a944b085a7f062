const dark = matchMedia('(prefers-color-scheme: dark)');

export const isDark = (): boolean => dark.matches;

/** Calls `change` when the user's colour scheme changes. */
export const onTheme = (change: () => void): void => dark.addEventListener('change', change);

/** Distinct on light and dark backgrounds, and for most colour-blind users. The last colour is for all other groups. */
export const PALETTE = [
  '#4c8dd6',
  '#f28e2c',
  '#e0565b',
  '#2fb3a6',
  '#5fae4f',
  '#c9a51d',
  '#b277b8',
  '#ff8fa3',
  '#a17a5c',
  '#7a86d8',
  '#14a0c4',
] as const;
export const OTHERS = '#8b8f98';
