import { accidentalRule } from './key-accidental.js';
import { afterIndexRule, beforePackRule, besideTempoRule, bracketRule, keyWordRule } from './key-beside.js';
import { columnRule, smallEndingRule } from './key-in-folder.js';
import { modeRule } from './key-mode.js';
import { endOfPitchedRule, partOfPitchedRule } from './key-of-pitched.js';
import type { KeyRule } from './key-sight.js';
import { after808Rule, besideSharpsRule, smallBeforeTempoRule } from './key-small-letter.js';

/** All rules for keys, in the order in which they are tried. A spelling is a key if one of them holds. */
export const KEY_RULES: readonly KeyRule[] = [
  modeRule,
  keyWordRule,
  accidentalRule,
  besideTempoRule,
  columnRule,
  smallEndingRule,
  smallBeforeTempoRule,
  besideSharpsRule,
  after808Rule,
  bracketRule,
  endOfPitchedRule,
  partOfPitchedRule,
  beforePackRule,
  afterIndexRule,
];
