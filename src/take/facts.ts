import type { SampleHit } from '../search/sample-hit.js';

/** The facts of a sample that file names and playlists contain. */
export interface SampleFacts {
  title: string | null;
  bpm: number | null;
  /** As the catalog writes it. */
  key: string | null;
}

/** Names of these columns in catalogs. The first one with a value counts. */
const TEMPO = ['bpm', 'tempo', 'average_bpm'];
const KEY = ['musical_key', 'key', 'initial_key', 'audio_key', 'tonality', 'key_name'];

/** Returns the facts of a sample. A declared collection has tempo and key in its own columns. */
export function factsOf({ title, bpm, key, fields = {} }: SampleHit): SampleFacts {
  const byName = new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
  const first = <T>(names: readonly string[], read: (value: unknown) => T | null): T | null => {
    for (const name of names) {
      const value = read(byName.get(name));
      if (value !== null) return value;
    }
    return null;
  };
  return { title, bpm: bpm ?? first(TEMPO, tempoOf), key: key ?? first(KEY, textOf) };
}

/** Returns the tempo; null for 0, which means unknown. */
function tempoOf(value: unknown): number | null {
  const number = typeof value === 'string' ? Number.parseFloat(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : null;
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
