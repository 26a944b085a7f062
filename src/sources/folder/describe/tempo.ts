import type { LoopFacts, SourcedValue } from '../audio/facts.js';
import { fromName, isOfFolder, roundTempo, type Sources, withContradiction } from './sourced-value.js';

/**
 * Chooses the tempo of a sample. Sources, in this order:
 *
 * | source                 | counts                                                                           |
 * | ---------------------- | -------------------------------------------------------------------------------- |
 * | `acid`, `basc` chunk   | of a loop; 120, the default of programs, only if the duration is whole bars      |
 * | tag (TBPM, BPM, tmpo)  | from 20 to 400                                                                   |
 * | file name, then folder | as the rules for names read it                                                   |
 *
 * If the file and its name differ, the first rule that applies decides:
 *
 * | difference                                         | chosen                                                  |
 * | -------------------------------------------------- | ------------------------------------------------------- |
 * | the duration is whole bars of only one of them     | that one: it is proved by the duration                  |
 * | one is twice the other                             | the name's: a typical error of programs that measure    |
 * | with the file's own name                           | the name's: its maker wrote it, a tag is often measured |
 * | with a folder's name                               | the file's: a folder's name is about many files         |
 */
export function chooseTempo({ audio, name }: Sources): SourcedValue<number> | null {
  const { duration } = audio;
  const inside = [ofChunk(audio.loop, duration), ofTag(audio.bpm)].find((said) => said !== undefined);
  const outside = fromName(name, 'bpm');
  if (!inside || !outside) return inside ?? outside ?? null;
  if (ratio(inside.value, outside.value) < 1.01) return inside;
  const nameWins = withContradiction(outside, inside);
  const fileWins = withContradiction(inside, outside);
  const bars = [inside, outside].map(({ value }) => isWholeBars(value, duration));
  if (bars[0] !== bars[1]) return bars[0] ? fileWins : nameWins;
  const doubled = Math.abs(ratio(inside.value, outside.value) - 2) < 0.02;
  return doubled || !isOfFolder(outside) ? nameWins : fileWins;
}

/** The default of ACID and other programs. */
const DEFAULT_TEMPO = 120;

function ofChunk(loop: LoopFacts | undefined, duration: number | null): SourcedValue<number> | undefined {
  if (!loop || loop.oneShot || loop.tempo === null) return undefined;
  if (loop.tempo === DEFAULT_TEMPO && !isWholeBars(loop.tempo, duration)) return undefined;
  return { value: roundTempo(loop.tempo), from: loop.from };
}

const ofTag = (said: SourcedValue<number> | undefined): SourcedValue<number> | undefined =>
  said && said.value >= 20 && said.value <= 400 ? { ...said, value: roundTempo(said.value) } : undefined;

const ratio = (one: number, other: number): number => Math.max(one, other) / Math.min(one, other);

/** Returns whether the duration is whole bars of four beats, to a fiftieth of a beat. False for over a minute. */
export function isWholeBars(tempo: number, duration: number | null): boolean {
  if (duration === null || duration > 60) return false;
  const beats = (duration * tempo) / 60;
  const whole = Math.round(beats / 4) * 4;
  return whole > 0 && Math.abs(beats - whole) <= 0.02;
}
