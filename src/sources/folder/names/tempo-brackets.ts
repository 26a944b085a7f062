/** Rules for numbers within brackets. */

import { padded, type TempoRule } from './tempo-sight.js';
import { type Name, type Token, wordsOf } from './tokens.js';
import { UNPITCHED } from './vocabulary.js';

const isUnpitched = ({ tokens }: Name): boolean =>
  tokens.some((token) => wordsOf(token).some((word) => UNPITCHED.has(word)));

export const bracketPairRule: TempoRule = {
  id: 'bracket-pair',
  says: 'stands before a key within brackets',
  examples: [
    ['KSHMR Sax Loop 65 (120, Gm).wav', 120],
    ['KSHMR Funk Guitar 14 (118, D).wav', 118],
  ],
  holds: ({ name: { tokens, text }, at, keys }) =>
    /[([{]\s*$/.test((tokens[at] as Token).before) &&
    keys.some(({ from, to }) => from === at + 1 && /^\s*[)\]}]/.test(text.slice(tokens[to]?.end))),
};

export const bracketedRule: TempoRule = {
  id: 'bracketed',
  says: 'stands alone within brackets',
  examples: [
    ['[128] Deep Sky.wav', 128],
    ['Deep Sky (174).wav', 174],
    ['Deep Sky (2).wav', null],
    ['Snare Hit (120).wav', null],
    ['Noise double hit (138).wav', 138, 'Noise LFO 1 (138).wav'],
    ['perc (120).wav', null],
    ['Tops (128).wav', 128],
    ['take (101).wav', null, 'take (100).wav', 'take (102).wav'],
  ],
  holds: ({ name, name: { tokens, text }, at, loop, series }) =>
    (loop === true || series.isCommon(name, at) || (loop === null && !isUnpitched(name))) &&
    /[([{]$/.test((tokens[at] as Token).before) &&
    /^[)\]}]/.test(text.slice(tokens[at]?.end)) &&
    !padded(tokens[at] as Token),
};
