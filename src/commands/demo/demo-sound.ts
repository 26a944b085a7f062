import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDemoSound } from '../../local/demo-sounds/index.js';
import { openCatalog } from '../../sources/index.js';
import { type DemoPlace, soundsOf } from './demo-place.js';

const COLUMNS = ['bpm', 'musical_key', 'genre', 'mood_primary', 'energy_level', 'duration'];

/** Makes the audio file of one row of the demo catalog if it is missing: all of them would take gigabytes. */
export async function makeDemoSound(place: DemoPlace, path: string): Promise<void> {
  if (existsSync(join(soundsOf(place), path))) return;
  const catalog = await openCatalog(place.catalog);
  try {
    const [id] = await catalog.findIds({ where: [{ field: 'file_path', is: path }] });
    const [row] = id === undefined ? [] : await catalog.readIds([id], COLUMNS);
    if (row === undefined) return;
    const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
    const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
    mkdirSync(soundsOf(place), { recursive: true, mode: 0o700 });
    await ensureDemoSound(soundsOf(place), path, {
      id: row.id,
      bpm: number(row.bpm),
      musical_key: text(row.musical_key),
      genre: text(row.genre),
      mood: text(row.mood_primary),
      energy_level: number(row.energy_level),
      duration: number(row.duration),
    });
  } finally {
    await catalog.close();
  }
}
