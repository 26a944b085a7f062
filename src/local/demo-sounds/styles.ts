/**
 * How a genre is played, 16 steps per bar of four beats. `x` loud, `o` soft, `2` to `4` so many quick hits, `.` rest.
 */
export interface Style {
  kick: string;
  snare: string;
  hat: string;
  /** A note lasts until the next one. */
  bass: string;
  chord: string;
  /** Short high notes of the scale. */
  lead: string;
  /** Delay of every second step as a part of a step, 0 to 0.34 (a triplet). Default: 0. */
  swing?: number;
  /** How a chord sounds: struck strings, an electric piano, a held pad, an organ or a distorted guitar. */
  voice: 'pluck' | 'keys' | 'pad' | 'organ' | 'guitar';
  /** Chords of four notes instead of three. Default: false. */
  seventh?: boolean;
  /** Loudness of the drums, 0 to 1. */
  drums: number;
  /** Used when the catalog has no tempo. */
  bpm: number;
}

const REST = '................';

export const STYLES: Readonly<Record<string, Style>> = {
  'hip hop': {
    ...{ kick: 'x.....ox..x.....', snare: '....x.......x...', hat: 'x.o.x.o.x.o.x.oo' },
    ...{ bass: 'x......x..x.....', chord: 'x.........x.....', lead: REST },
    ...{ swing: 0.2, voice: 'keys', seventh: true, drums: 0.9, bpm: 90 },
  },
  trap: {
    ...{ kick: 'x......o..x.....', snare: '........x.......', hat: 'x.x.x.x3x.x.x243' },
    ...{ bass: 'x.........x.....', chord: REST, lead: 'x..x..x.x...x.x.' },
    ...{ voice: 'pluck', drums: 0.9, bpm: 140 },
  },
  'lo-fi': {
    ...{ kick: 'x......x..o.....', snare: '....o.......o...', hat: 'o.o.o.o.o.o.o.o.' },
    ...{ bass: 'x.......x.......', chord: 'x.......x.......', lead: '......o...o.....' },
    ...{ swing: 0.28, voice: 'keys', seventh: true, drums: 0.55, bpm: 78 },
  },
  house: {
    ...{ kick: 'x...x...x...x...', snare: '....x.......x...', hat: '..x...x...x...x.' },
    ...{ bass: '..x..x....x..x..', chord: '...x..x....x..x.', lead: REST },
    ...{ swing: 0.08, voice: 'organ', drums: 0.95, bpm: 124 },
  },
  techno: {
    ...{ kick: 'x...x...x...x...', snare: REST, hat: '..x.o.x.o.x.o.xo' },
    ...{ bass: '..xx..xx..xx..xx', chord: '......x.........', lead: 'x..x..x..x..x...' },
    ...{ voice: 'pluck', drums: 1, bpm: 132 },
  },
  'drum and bass': {
    ...{ kick: 'x.........x.....', snare: '....x..o.o..x...', hat: 'x.x.x.x.x.x.x.xo' },
    ...{ bass: 'x.....x...x.....', chord: 'x...............', lead: REST },
    ...{ voice: 'pad', seventh: true, drums: 0.95, bpm: 174 },
  },
  ambient: {
    ...{ kick: REST, snare: REST, hat: REST },
    ...{ bass: 'x...............', chord: 'x...............', lead: 'o.....o...o..o..' },
    ...{ voice: 'pad', drums: 0, bpm: 70 },
  },
  jazz: {
    ...{ kick: 'o.......o.......', snare: '......o.......o.', hat: 'x...x.o.x...x.o.' },
    ...{ bass: 'x...x...x...x...', chord: 'x.....x.........', lead: '........o.o...o.' },
    ...{ swing: 0.34, voice: 'keys', seventh: true, drums: 0.45, bpm: 120 },
  },
  funk: {
    ...{ kick: 'x..x......x..o..', snare: '....x..o.o..x..o', hat: 'x.o.x.o.x.o.x.o.' },
    ...{ bass: 'x..x..x...x.xx..', chord: '..x...x.x.....x.', lead: REST },
    ...{ swing: 0.06, voice: 'pluck', seventh: true, drums: 0.9, bpm: 106 },
  },
  'r&b': {
    ...{ kick: 'x.....x...x.....', snare: '....x.......x...', hat: 'x.oox.o.x.oox.o2' },
    ...{ bass: 'x.....x...x.....', chord: 'x.......x.......', lead: '............o.o.' },
    ...{ swing: 0.12, voice: 'keys', seventh: true, drums: 0.7, bpm: 84 },
  },
  rock: {
    ...{ kick: 'x.....x.x.x.....', snare: '....x.......x...', hat: 'x.x.x.x.x.x.x.x.' },
    ...{ bass: 'x.x.x.x.x.x.x.x.', chord: 'x.......x.....x.', lead: REST },
    ...{ voice: 'guitar', drums: 1, bpm: 120 },
  },
  cinematic: {
    ...{ kick: 'x...............', snare: REST, hat: REST },
    ...{ bass: 'x.......x.......', chord: 'x...............', lead: 'x.o.x.o.x.o.x.o.' },
    ...{ voice: 'pad', drums: 0.8, bpm: 90 },
  },
};
