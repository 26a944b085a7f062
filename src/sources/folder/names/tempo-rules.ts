import { behindPackNameRule } from './tempo-behind-pack.js';
import { bracketedRule, bracketPairRule } from './tempo-brackets.js';
import {
  afterAccidentalRule,
  beforeLastLetterRule,
  behindOpeningKeyRule,
  besideKeyWithModeRule,
  betweenWordsRule,
  keyElsewhereRule,
  opensBeforeKeyRule,
} from './tempo-by-key.js';
import { tempoEndingRule } from './tempo-ending.js';
import { afterKeyColumnRule, sharedRule, tempoColumnRule } from './tempo-in-folder.js';
import { loopRule } from './tempo-loop.js';
import { beforeMeterRule } from './tempo-meter.js';
import {
  afterBarsRule,
  afterIndexRule,
  behindDrumsRule,
  besideWheelRule,
  vendorCodeRule,
} from './tempo-neighbours.js';
import type { TempoRule } from './tempo-sight.js';
import { toldByOthersRule } from './tempo-told.js';

/** All rules for numbers that no letter touches, in the order in which they are tried. */
export const TEMPO_RULES: readonly TempoRule[] = [
  beforeMeterRule,
  bracketPairRule,
  bracketedRule,
  besideKeyWithModeRule,
  afterAccidentalRule,
  loopRule,
  keyElsewhereRule,
  behindOpeningKeyRule,
  vendorCodeRule,
  behindDrumsRule,
  beforeLastLetterRule,
  betweenWordsRule,
  opensBeforeKeyRule,
  behindPackNameRule,
  afterIndexRule,
  sharedRule,
  tempoColumnRule,
  tempoEndingRule,
  toldByOthersRule,
  afterKeyColumnRule,
  afterBarsRule,
  besideWheelRule,
];
