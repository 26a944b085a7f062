import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GENRES } from '../../src/local/demo-catalog/genres.js';
import { type DemoSample, demoSamples } from '../../src/local/demo-catalog/index.js';
import { type DemoSoundRow, demoSound, ensureDemoSound } from '../../src/local/demo-sounds/index.js';
import { STYLES } from '../../src/local/demo-sounds/styles.js';

const rowOf = ({ sample, analysis }: DemoSample): DemoSoundRow =>
  ({
    ...sample,
    mood: analysis?.mood_primary ?? null,
    energy_level: analysis?.energy_level ?? null,
  }) as unknown as DemoSoundRow;
/** One of each genre and more, all of whose columns are there. */
const rows = [...demoSamples({ samples: 400 })]
  .map(rowOf)
  .filter(({ bpm, musical_key, genre }) => bpm && musical_key && genre);
const some = Object.keys(STYLES).flatMap((genre) => rows.filter((row) => row.genre === genre).slice(0, 3));

const RATE = 44_100;
function heard(row: DemoSoundRow): { left: number[]; right: number[] } {
  const bytes = Buffer.from(demoSound(row));
  expect(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ');
  expect([
    bytes.readUInt16LE(20),
    bytes.readUInt16LE(22),
    bytes.readUInt32LE(24),
    bytes.readUInt16LE(34),
  ]).toEqual([1, 2, RATE, 16]);
  expect([bytes.readUInt32LE(4), bytes.readUInt32LE(40)]).toEqual([bytes.length - 8, bytes.length - 44]);
  const left: number[] = [];
  const right: number[] = [];
  for (let at = 44; at < bytes.length; at += 4) {
    left.push(bytes.readInt16LE(at) / 32_768);
    right.push(bytes.readInt16LE(at + 2) / 32_768);
  }
  return { left, right };
}

/** Goertzel: how much of one frequency there is. */
function strength(values: readonly number[], frequency: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * frequency) / RATE);
  let one = 0;
  let two = 0;
  for (const value of values) [one, two] = [value + factor * one - two, one];
  return one * one + two * two - factor * one * two;
}

const NAMES = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];

describe('demoSound', () => {
  it('knows every genre of the demo', () => {
    expect(Object.keys(STYLES).sort()).toEqual(GENRES.map(({ name }) => name).sort());
    for (const { kick, snare, hat, bass, chord, lead } of Object.values(STYLES))
      for (const pattern of [kick, snare, hat, bass, chord, lead]) expect(pattern).toMatch(/^[xo.234]{16}$/);
  });

  it('gives equal bytes for equal rows, and others for others', () => {
    const [one, other] = some as [DemoSoundRow, DemoSoundRow];
    expect(Buffer.from(demoSound(one)).equals(demoSound({ ...one }))).toBe(true);
    expect(Buffer.from(demoSound(one)).equals(demoSound(other))).toBe(false);
    expect(Buffer.from(demoSound(one)).equals(demoSound({ ...one, id: one.id + 1 }))).toBe(false);
  });

  it.each(some.map((row) => [`${row.genre} ${row.id}`, row] as const))(
    '%s has its tempo, its key and a good loudness',
    (_, row) => {
      const { left, right } = heard(row);
      const bar = (RATE * 240) / (row.bpm as number);
      const bars = left.length / bar;
      expect(Math.abs(bars - Math.round(bars))).toBeLessThan(1e-4);
      expect([1, 2, 4]).toContain(Math.round(bars));
      expect(left.length / RATE).toBeLessThanOrEqual(6.2);

      const all = [...left, ...right];
      const most = all.reduce((high, value) => Math.max(high, Math.abs(value)), 0);
      const mean = Math.sqrt(all.reduce((sum, value) => sum + value * value, 0) / all.length);
      expect(most).toBeLessThan(0.97);
      expect(most).toBeGreaterThan(0.3);
      expect(mean).toBeGreaterThan(0.08);
      expect(mean).toBeLessThan(0.25);
      // No direct current, and no jump where the loop begins again.
      expect(Math.abs(all.reduce((sum, value) => sum + value, 0) / all.length)).toBeLessThan(0.01);
      expect(Math.abs((left[0] as number) - (left.at(-1) as number))).toBeLessThan(0.1);

      // The notes of two octaves from the E of 41 Hz, summed by name.
      const byName = NAMES.map((name) => ({ name, loud: 0 }));
      for (let note = 28; note < 52; note++)
        (byName[note % 12] as { loud: number }).loud += strength(left, 440 * 2 ** ((note - 69) / 12));
      const [loudest] = byName.sort((one, other) => other.loud - one.loud);
      expect(`${loudest?.name}${row.musical_key?.endsWith('m') ? 'm' : ''}`).toBe(row.musical_key);
    },
  );

  it('is as long as the catalog of the demo says, and its file as large', () => {
    for (const { sample, analysis } of demoSamples({ samples: 60, seed: 3 })) {
      const row = rowOf({ sample, analysis });
      const folder = String(sample.file_path).split('/')[1];
      const genre = GENRES.find(({ name }) => name.replaceAll(/\W+/g, '-') === folder)?.name ?? null;
      const bytes = demoSound({ ...row, genre }).length;
      expect(bytes).toBe(sample.file_size);
      expect((bytes - 44) / 4 / RATE).toBeCloseTo(sample.duration as number, 3);
    }
  });

  it('takes rows that lack what others have, or say what cannot be', () => {
    const row: DemoSoundRow = {
      id: 1,
      bpm: null,
      musical_key: null,
      genre: null,
      mood: null,
      energy_level: null,
      duration: null,
    };
    for (const odd of [
      row,
      { ...row, bpm: 0 },
      { ...row, bpm: 1e9 },
      { ...row, genre: 'polka', musical_key: 'H-moll', energy_level: 99, duration: -1 },
      { ...row, genre: 'constructor', bpm: Number.NaN },
    ])
      expect(heard(odd).left.length / RATE).toBeLessThan(6.2);
  });
});

describe('ensureDemoSound', () => {
  let home: string;
  let folder: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'sample-embeddings-demo-sounds-'));
    folder = join(home, 'sounds');
    mkdirSync(folder);
  });
  afterAll(() => rmSync(home, { recursive: true }));
  const row = some[0] as DemoSoundRow;

  it('writes the sound when it is asked for the first time', async () => {
    const file = await ensureDemoSound(folder, `samples/hip-hop/${row.id}.wav`, row);
    expect(file).toBe(join(folder, 'samples', 'hip-hop', `${row.id}.wav`));
    expect(readFileSync(file).equals(demoSound(row))).toBe(true);
    const { ino } = statSync(file);
    await ensureDemoSound(folder, `samples/hip-hop/${row.id}.wav`, row);
    expect(statSync(file).ino).toBe(ino);
  });

  it('gives a whole file to all who ask at once, and leaves nothing else', async () => {
    const files = await Promise.all(
      Array.from({ length: 8 }, () => ensureDemoSound(folder, 'samples/house/7.wav', row)),
    );
    expect(new Set(files.map((file) => readFileSync(file).toString('base64'))).size).toBe(1);
    expect(readdirSync(join(folder, 'samples', 'house'))).toEqual(['7.wav']);
  });

  it('makes one sound of a path, whichever of two rows names it, and plays the genre of its folder', async () => {
    const other = mkdtempSync(join(folder, 'other-'));
    await ensureDemoSound(folder, 'samples/r-b/9.wav', { ...row, genre: null, id: 9 });
    await ensureDemoSound(other, 'samples/r-b/9.wav', { ...row, genre: 'r&b', id: 10 });
    const [one, two] = [folder, other].map((at) => readFileSync(join(at, 'samples/r-b/9.wav')));
    expect(one?.equals(two as Buffer)).toBe(true);
  });

  it.each([
    '../a.wav',
    'samples/../../a.wav',
    '/etc/a.wav',
    'samples/house/a.wav',
    'samples/house/1.wav/..',
    'samples//1.wav',
    '',
  ])('refuses %j', async (path) => {
    await expect(ensureDemoSound(folder, path, row)).rejects.toMatchObject({ kind: 'usage' });
    expect(existsSync(join(folder, '..', 'a.wav'))).toBe(false);
  });
});
