/** The rule for numbers of three digits that end the names of a folder. */

import { mayBeInTime, type TempoRule } from './tempo-sight.js';

/** A folder whose names end in tempos. */
const SONGS = [
  'ajax_119.wav',
  'baron_124.wav',
  'black_lane_098.wav',
  'cobalt_094.6.wav',
  'colt_095.wav',
  'fox01.wav',
  'grey_whale_135.wav',
  'long_way_out1_095.wav',
  'long_way_out2_095.wav',
  'maze2_104.wav',
  'nimbus_113.wav',
  'old_barn1_094.wav',
  'old_barn2_092.wav',
  'quay_137.wav',
  'rust1_101.wav',
  'rust2_101.wav',
  'vale_121.wav',
  'vale_135.wav',
  'vale_143_1.wav',
  'zinc_zone_087.wav',
];

const others = (...names: readonly string[]): string[] => SONGS.filter((song) => !names.includes(song));

const WORDS = [
  'ajax',
  'baron',
  'cobalt',
  'colt',
  'grey',
  'maze',
  'nimbus',
  'quay',
  'rust',
  'vale',
  'way',
  'zinc',
];

/** Names of a word and a number in three digits. The words are repeated in order. */
const withNumbers = (words: readonly string[], numbers: readonly number[]): string[] =>
  numbers.map((number, i) => `${words[i % words.length]}_${String(number).padStart(3, '0')}.wav`);

const sequence = (length: number, step: number): number[] => Array.from({ length }, (_, i) => 88 + step * i);

/** 87 and 95 belong to two sounds each. */
const SHARED = [87, 92, 95, 101, 104, 113, 121, 124, 126, 87, 135, 95];
const shifted = (by: number): string[] =>
  withNumbers(
    WORDS,
    SHARED.map((number) => number + by),
  );

export const tempoEndingRule: TempoRule = {
  id: 'tempo-ending',
  says: 'ends the name in three digits, in a folder whose names end so and where several different sounds share a number',
  examples: [
    ['colt_095.wav', 95, ...others('colt_095.wav')],
    ['rust1_101.wav', 101, ...others('rust1_101.wav')],
    ['grey_whale_135.wav', 135, ...others('grey_whale_135.wav')],
    ['cobalt_094.6.wav', 94.6, ...others('cobalt_094.6.wav')],
    ['vale_143_1.wav', 143, ...others('vale_143_1.wav')],
    ['fox01.wav', null, ...others('fox01.wav')],
    ['kick_hard_095.wav', null, ...SONGS],
    ['colt_095.wav', null, ...others('colt_095.wav'), 'dry_003.wav'],
    ['colt_095.wav', null, ...others('colt_095.wav'), 'dry_96.wav'],
    ['hill_101.wav', 101, ...shifted(0)],
    ['hill_dark_101.wav', 101, ...shifted(0)],
    ['hill_101.wav', null, ...withNumbers(WORDS, [87, 95, 101, 113, 124, 135, 87, 95, 101])],
    // Velocities and notes of MIDI are not larger than 127.
    ['hill_091.wav', null, ...shifted(-10)],
    // No number is padded, so that three digits may be a coincidence.
    ['hill_117.wav', null, ...shifted(16)],
    ['hill_101.wav', null, ...withNumbers(WORDS, [87, 92, 95, 101, 104, 113, 121, 124, 126, 131, 135, 139])],
    ['hill 101.wav', null, ...shifted(0)],
    ['hill_101.wav', null, ...shifted(0), 'a.wav', 'b.wav', 'c.wav', 'd.wav', 'e.wav'],
    // Numbers of files: consecutive, or each of one file only, or all of one sound, or each sound with a list of its own.
    ['hill_088.wav', null, ...withNumbers(WORDS, [...sequence(45, 1), 90, 95])],
    ['hill_087.wav', null, ...withNumbers(WORDS, sequence(20, 2))],
    ['hill_087.wav', null, ...withNumbers(WORDS, sequence(12, 5))],
    ['hill_087.wav', null, ...withNumbers(['hill'], sequence(12, 5))],
    [
      'hill_095.wav',
      null,
      ...withNumbers(['gate'], [87, 92, 95, 101, 104, 113, 121]),
      ...withNumbers(['lock'], [95, 101, 124, 126, 135, 138, 143]),
    ],
  ],
  holds: (sight) => mayBeInTime(sight) && sight.series.endsInTempo(sight.name, sight.at),
};
