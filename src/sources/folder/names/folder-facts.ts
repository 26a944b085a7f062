import { instrumentsIn } from './instruments.js';
import { type KeyReading, keyOf, spelledKeys } from './key-readings.js';
import { isInitials } from './key-sight.js';
import { type Kind, kindIn } from './kinds.js';
import { readSeries, type Series } from './series.js';
import type { TempoSight } from './tempo-sight.js';
import { tempoOf } from './tempos.js';
import { type Name, readName, wordsOf } from './tokens.js';
import { TIMED, UNTIMED } from './vocabulary.js';

/** The facts that a folder's name tells. Read once for all files below the folder. */
export interface FolderFacts {
  label: string;
  bpm: number | null;
  key: KeyReading | null;
  kind: Kind | null;
  /** True if it names parts that play in time ("fills"), false for sounds that do not ("foley"), else null. */
  timed: boolean | null;
  instruments: string[];
}

/** Returns the words of a name. Numbers are included, because "808" is an instrument. */
export function wordsIn({ tokens }: Name): string[] {
  const words: string[] = [];
  for (const token of tokens) {
    if (token.number === null) for (const word of wordsOf(token)) words.push(word);
    else words.push(token.text);
  }
  return words;
}

export const isTimed = (words: readonly string[]): boolean => words.some((word) => TIMED.has(word));

export const told = <Reading extends object>(reading: Reading | 'unclear' | null): Reading | null =>
  reading === 'unclear' ? null : reading;

/**
 * Reads tempo and key. Each depends on the other ("128_C"): the tempo is read first, with every key that the name may
 * spell; then the key, with the tempo.
 */
export function tempoAndKey(
  name: Name,
  series: Series,
  { loop, musical }: Pick<TempoSight, 'loop' | 'musical'>,
) {
  const keys = spelledKeys(name);
  const tempo = tempoOf({ name, keys: keys.filter((key) => !isInitials(name, key)), loop, musical, series });
  return { tempo, key: keyOf(name, keys, { series, tempo: told(tempo), musical }) };
}

const NO_SERIES: Series = readSeries([]);

export function readFolder(folder: string): FolderFacts {
  const name = readName(folder);
  const words = wordsIn(name);
  const kind = kindIn(words);
  // "Loops 120" tells a tempo, "100 Loops" and "Top 100 Loops" a number of loops.
  const last = name.tokens.at(-1);
  const before = name.tokens.at(-2);
  const endsInTempo = last?.number != null && before !== undefined && kindIn(wordsOf(before)) === 'loop';
  const { tempo, key } = tempoAndKey(name, NO_SERIES, {
    loop: endsInTempo ? true : null,
    musical: true,
  });
  return {
    label: `folder "${name.text}"`,
    bpm: told(tempo)?.bpm ?? null,
    key: told(key),
    kind,
    timed: isTimed(words) ? true : words.some((word) => UNTIMED.has(word)) ? false : null,
    instruments: instrumentsIn(words),
  };
}
