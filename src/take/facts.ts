import type { SampleHit } from '../search/sample-hit.js';

/** What names and playlists say of a sample. */
export interface SampleFacts {
  title: string | null;
  bpm: number | null;
  /** As the catalog writes it. */
  key: string | null;
}

/** What catalogs call these columns; the first that is filled counts. */
const TEMPO = ['bpm', 'tempo', 'average_bpm'];
const KEY = ['musical_key', 'key', 'initial_key', 'audio_key', 'tonality', 'key_name'];

/** Of any collection: a declared one keeps tempo and key in its own columns. */
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

/** 0 stands for a tempo that nobody knows. */
function tempoOf(value: unknown): number | null {
  const number = typeof value === 'string' ? Number.parseFloat(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : null;
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
