import { isBeforeMeter } from './meters.js';
import { GLUED_TEMPO_RULES, standsGlued } from './tempo-glued.js';
import { plausible } from './tempo-range.js';
import { TEMPO_RULES } from './tempo-rules.js';
import { besideMode, standsAlone, type TempoSight } from './tempo-sight.js';
import type { Name, Token } from './tokens.js';

export interface TempoReading {
  bpm: number;
  /** Indexes of its first and last token ("128" and "BPM"), and of the number. */
  from: number;
  to: number;
  number: number;
}

const NEAR = /^[\s_=:.-]{0,3}$/;

/** "174_beats64_bpm": 64 is a number of beats, although "bpm" follows. */
const countsBeats = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.before === '' && /^(?:beat|bar)s$/.test(tokens[at - 1]?.lower ?? '');

/** Returns the tempos that stand beside "BPM" or "tempo". */
export function spokenTempos({ tokens }: Name): TempoReading[] {
  const readings: TempoReading[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as Token;
    const isWord = token.lower === 'tempo' || token.lower === 'bpms';
    if (token.number !== null || (!isWord && !token.lower.includes('bpm'))) continue;
    const before = tokens[at - 1];
    const after = tokens[at + 1];
    const starts = isWord || token.lower.startsWith('bpm');
    const ends = isWord || token.lower.endsWith('bpm');
    const left =
      starts && plausible(before) && NEAR.test(token.before) && !countsBeats(tokens, at - 1) ? before : null;
    const right = ends && plausible(after) && NEAR.test(after.before) ? after : null;
    // "64 BPM 120": the number nearer to "BPM" is the tempo. Both are read if they are equally near.
    const useLeft = left !== null && (right === null || token.before.length <= (after?.before.length ?? 0));
    const useRight = right !== null && (left === null || (after?.before.length ?? 0) <= token.before.length);
    if (useLeft) readings.push({ bpm: left.number, from: at - 1, to: at, number: at - 1 });
    if (useRight) readings.push({ bpm: right.number, from: at, to: at + 1, number: at + 1 });
  }
  return readings;
}

/** Between two tempos: a dash, an arrow, dots. " - " separates the parts of a name. */
const RANGE = /^(?:-|\s*(?:[–—~>]|->|\.{2,3}|…)\s*)$/;

/**
 * Returns whether the reading is one of two numbers, a tempo and its double or a range: "70-140bpm", "70/140 BPM",
 * "100 to 140 bpm", "128–140bpm". The name does not tell which one the file has. "101-140bpm" is no range if the first
 * number counts files.
 */
export function isRange(
  { name, series }: Pick<TempoSight, 'name' | 'series'>,
  reading: TempoReading,
): boolean {
  const { tokens } = name;
  const number = tokens[reading.number];
  const isTo = tokens[reading.number - 1]?.lower === 'to';
  const at = reading.number - (isTo ? 2 : 1);
  const first = tokens[at];
  if (isTo) return plausible(first);
  if (!plausible(first) || number === undefined) return false;
  if (number.before === '/') return true;
  if (!RANGE.test(number.before) || series.counts(name, at)) return false;
  return number.before !== '-' || Number(number.text) > first.number;
}

/** "60 guitar loop 095 Fmin": either number may be the tempo, and the other one counts. */
const isPaddedByKey = (sight: TempoSight): boolean =>
  besideMode(sight) &&
  !sight.series.tellsTempos(sight.name, sight.at) &&
  /^0\d\d$/.test((sight.name.tokens[sight.at] as Token).text);

/** Returns the numbers without "BPM" that are tempos by one of the rules. */
export function bareTempos(sight: Omit<TempoSight, 'at'>): TempoReading[] {
  const { name, series } = sight;
  const readings: TempoReading[] = [];
  for (let at = 0; at < name.tokens.length; at += 1) {
    if (name.tokens[at]?.number === null) continue;
    const isAlone = standsAlone(name, at);
    if (!(isAlone || standsGlued(name, at)) || series.counts(name, at)) continue;
    const here: TempoSight = { ...sight, at };
    if (isPaddedByKey(here)) return [];
    if (!(isAlone ? TEMPO_RULES : GLUED_TEMPO_RULES).some((rule) => rule.holds(here))) continue;
    const bpm = (name.tokens[at] as Token & { number: number }).number;
    readings.push({ bpm, from: at, to: at, number: at });
  }
  return readings;
}

/** Returns the tempo that a name tells; null if it tells none, 'unclear' if it tells several. */
export function tempoOf(sight: Omit<TempoSight, 'at'>): TempoReading | 'unclear' | null {
  const spoken = spokenTempos(sight.name);
  if (spoken.length > 0)
    return spoken.some((reading) => isRange(sight, reading)) ? 'unclear' : agreed(spoken);
  const bare = bareTempos(sight);
  if (bare.length < 2) return bare[0] ?? null;
  const metered = bare.find(({ number }) => isBeforeMeter(sight.name.tokens, number));
  if (metered !== undefined) return metered;
  const beside = bare.filter(({ number }) => besideMode({ ...sight, at: number }));
  return agreed(beside.length > 0 ? beside : bare);
}

function agreed(readings: readonly TempoReading[]): TempoReading | 'unclear' {
  const first = readings[0] as TempoReading;
  return readings.every(({ bpm }) => bpm === first.bpm) ? first : 'unclear';
}
