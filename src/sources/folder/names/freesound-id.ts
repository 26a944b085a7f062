import type { Name } from './tokens.js';

/** Returns whether token `at` is the id of a sound from Freesound, which opens its name: "196904__user__rain". */
export const isFreesoundId = ({ text }: Name, at: number): boolean =>
  at === 0 && /^\d{4,7}__[^_].*?__/.test(text);
