import { endless } from './endless.mjs';
import { limits } from './limits.mjs';
import { poison } from './poison.mjs';
import { revoked } from './revoked.mjs';
import { tier } from './tier.mjs';

const ALL = { poison: [poison], revoked: [revoked], endless: [endless], limits, tier };
/** Names of all figures; `QUICK` are those that take minutes, not an hour. */
export const FIGURES = Object.keys(ALL);
export const QUICK = FIGURES.filter((name) => name !== 'tier');

/** Measures the named figures and prints each with its goal. @returns the exit code: 1 when one misses its goal. */
export async function measureFigures(names, options) {
  let held = true;
  for (const name of names)
    for (const measure of ALL[name]) {
      const figure = await measure(options);
      // Excluded by `options.only`.
      if (figure === null) continue;
      console.log(`${figure.held ? 'ok    ' : 'MISSED'} ${figure.line}`);
      held &&= figure.held;
    }
  return held ? 0 : 1;
}
