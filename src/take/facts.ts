import { columnsFor } from '../search/named-filters.js';
import type { SampleHit } from '../search/sample-hit.js';

/** The facts of a sample that file names and playlists contain. */
export interface SampleFacts {
  title: string | null;
  bpm: number | null;
  /** As the catalog writes it. */
  key: string | null;
}

/** Returns the facts of a sample. A declared collection has tempo and key in its own columns. */
export function factsOf({ title, bpm, key, fields = {} }: SampleHit): SampleFacts {
  const names = Object.keys(fields);
  const first = <T>(meaning: 'bpm' | 'key', read: (value: unknown) => T | null): T | null => {
    for (const name of columnsFor(meaning, names)) {
      const value = read(fields[name]);
      if (value !== null) return value;
    }
    return null;
  };
  return { title, bpm: bpm ?? first('bpm', tempoOf), key: key ?? first('key', textOf) };
}

/** Returns the tempo; null for 0, which means unknown. */
function tempoOf(value: unknown): number | null {
  const number = typeof value === 'string' ? Number.parseFloat(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : null;
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
