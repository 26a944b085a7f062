import { BEFORE_WORK } from './before-work.mjs';
import { LOST_ANSWERS } from './lost-answers.mjs';
import { ONE_TEXT } from './one-text.mjs';
import { PRICES } from './prices.mjs';
import { USAGE } from './usage.mjs';

export const WAYS = [...USAGE, ...LOST_ANSWERS, ...PRICES, ...ONE_TEXT, ...BEFORE_WORK];

export const wayNamed = (name) => {
  const found = WAYS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no way of lying is called "${name}"`);
  return found;
};
