import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSettings } from '../../../src/config.js';
import { type OpenSearch, openSearch } from '../../../src/hosting/open-search.js';
import { Database } from '../../../src/sqlite.js';
import { makeKit } from '../../../src/take/kit/make-kit.js';
import { type Stage, setStage } from '../../server/stage.js';

const SAMPLES = 700;
/** Every so many fits the tempo. */
const EVERY = 33;

let stage: Stage;
let open: OpenSearch;
let fitting: Set<number>;
/** All are loops of 140 BPM and Am, but for a few of 95, wherever they lie. */
beforeAll(async () => {
  stage = await setStage(SAMPLES);
  const db = new Database(join(stage.path, 'catalog.db'));
  const ids = (db.prepare('SELECT id FROM samples ORDER BY id').all() as { id: number }[]).map(
    ({ id }) => id,
  );
  const set = db.prepare(
    "UPDATE samples SET title = ?, bpm = ?, musical_key = 'Am', duration = ?, tags = '[]' WHERE id = ?",
  );
  fitting = new Set(ids.filter((_, at) => at % EVERY === 0));
  for (const [at, id] of ids.entries())
    set.run(`${at % 2 === 0 ? 'Chords' : 'Bass'} Loop`, fitting.has(id) ? 95 : 140, 4 + at / 7, id);
  db.close();
  const settings = loadSettings(stage.env, stage.path);
  const { collection } = settings;
  open = await openSearch(settings, { columns: [...collection.shown, ...collection.filters] });
});
afterAll(async () => {
  await open?.close();
  await stage?.close();
});

const kit = (text: string, more: { pads?: number; seed?: number; most?: number } = {}) =>
  makeKit(open.parts, text, { pads: 16, seed: 1, ...more });
const bought = () => stage.sandbox.bill().entries.length;

describe('a kit looks until its pads are filled', () => {
  it('however far from the feel lies what goes with it; for one query, and the same again', async () => {
    const before = bought();
    const first = await kit('dark 90-100 bpm');
    expect(first.brief).toEqual({ feel: 'dark', bpm: 95, key: null });
    expect(first.pads).toHaveLength(16);
    for (const { hit, bpm } of first.pads) {
      expect(bpm).toBe(95);
      expect(fitting.has(hit.sample_id as number)).toBe(true);
    }
    expect(first.notes.join()).not.toMatch(/Only/);
    expect(bought()).toBe(before + 1);
    expect(await kit('dark 90-100 bpm')).toEqual({ ...first, bought: null });
    expect((await kit('dark 90-100 bpm', { seed: 2 })).pads).toHaveLength(16);
    expect(bought()).toBe(before + 1);
  });

  it('also without a feel, and buys nothing', async () => {
    const before = bought();
    const { pads } = await kit('95 bpm');
    expect(pads.map(({ bpm }) => bpm)).toEqual(Array.from({ length: 16 }, () => 95));
    expect(bought()).toBe(before);
  });

  it('and speaks of the library where it has looked at all of it', async () => {
    const { pads, notes } = await kit('dark 95 bpm', { pads: 40 });
    expect(pads).toHaveLength(fitting.size);
    expect(notes).toContainEqual(
      `Only ${fitting.size} of 40 pads are filled: nothing else in the library goes with them without repeating one.`,
    );
    expect(notes[0]).toMatch(/^The library has no .*: other samples fill these pads\.$/);
  });

  it('and else of what it has looked at', async () => {
    const { notes } = await kit('dark 95 bpm', { pads: 40, most: 300 });
    expect(notes[0]).toMatch(/^Among the 300 samples that were looked at there is no /);
    expect(notes.join()).toMatch(/nothing else among the 300 samples that were looked at goes with them/);
  });
});

describe('the text of a kit', () => {
  it.each([
    ['is empty', '', /is empty: say what it feels like, like "dusty/],
    ['is blank', ' \0\n', /is empty/],
    [
      'is far too long',
      'dark '.repeat(1000),
      /has 4,999 characters, and 2,000 are read: say it in fewer words, like/,
    ],
  ])('that %s is refused before anything is sent', async (_, text, sentence) => {
    const before = bought();
    await expect(kit(text)).rejects.toThrow(sentence);
    expect(bought()).toBe(before);
  });

  it('that cannot be embedded is refused with a cure that a kit has', async () => {
    const refused = makeKit(
      {
        ...open.parts,
        cap: { nanos: -1, setting: '--max-daily-cost' },
      },
      'a feel that nobody asked for',
      { pads: 4, seed: 1 },
    );
    await expect(refused).rejects.toThrow(/name tempo and key alone, which buys nothing/);
    await expect(refused).rejects.not.toThrow(/--mode/);
  });
});
