import { plausible } from './tempo-range.js';
import type { Token } from './tokens.js';

const isPart = (token: Token | undefined): boolean => token?.before === '_';

/** "4-4", "6-8" as a part of the name that ends it or that another part follows. */
function isMeter(tokens: readonly Token[], at: number): boolean {
  const beats = tokens[at];
  const value = tokens[at + 1];
  const after = tokens[at + 2];
  if (!isPart(beats) || value?.before !== '-' || (after !== undefined && !isPart(after))) return false;
  return /^(?:[2-9]|1[0-5])$/.test(beats?.text ?? '') && /^(?:2|4|8|16)$/.test(value.text);
}

/** "1_funk_80", "7_pop-groove7_138": the file's number and a style stand before the number. */
function isBehindStyle(tokens: readonly Token[], at: number): boolean {
  let style = at - 1;
  while (style > 0 && (tokens[style]?.number === null || tokens[style]?.before === '')) style -= 1;
  const isCount = tokens[style]?.number != null && (style === 0 || isPart(tokens[style]));
  return isCount && style + 1 < at && isPart(tokens[style + 1]);
}

/** Returns whether a number of 40 to 300 stands before "beat" or "fill" and a meter: "94_funk-rock_92_fill_4-4". */
export function isBeforeMeter(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (!plausible(token) || !isPart(token) || token.text.startsWith('0')) return false;
  const part = tokens[at + 1];
  if (!isPart(part) || !/^(?:beat|fill)$/.test(part?.lower ?? '')) return false;
  return isMeter(tokens, at + 2) && isBehindStyle(tokens, at);
}
