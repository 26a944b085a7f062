import { describe, expect, it } from 'vitest';
import { LIBRARY_FIELDS } from '../../src/collections/library-text.js';
import { gapsOf, notesOf } from '../../src/domain/catalog-notes.js';
import { checkShape, fieldsOf, isOfTexts, lossesOf, shapeOfTexts } from '../../src/domain/check-shape.js';
import type { RememberedField } from '../../src/engines/libsql/catalog-shape.js';
import type { CatalogShape } from '../../src/sources/types.js';

const shape = (change: Partial<CatalogShape> = {}): CatalogShape => ({
  samples: 300,
  analyses: 300,
  hidden: [],
  ...change,
  filled: {
    'samples.title': 300,
    'samples.genre': 300,
    'samples.tags': 40,
    'vibe_analyses.mood_primary': change.analyses ?? 300,
    ...change.filled,
  },
});
const LAST = fieldsOf(shape());

describe('what a run would lose', () => {
  it.each<[string, Partial<CatalogShape>, RegExp[]]>([
    ['nothing', {}, []],
    [
      'a column',
      { filled: { 'samples.genre': null } },
      [/no column samples\.genre any more \(300 samples had it\)/],
    ],
    [
      'what a column held',
      { filled: { 'samples.genre': 0 } },
      [/samples\.genre is filled for 0 samples \(it was for 300\)/],
    ],
    ['a third of it', { filled: { 'samples.genre': 200 } }, [/samples\.genre is filled for 200/]],
    ['a few, by editing', { filled: { 'samples.genre': 290, 'samples.tags': 35 } }, []],
    ['all analyses', { analyses: 0 }, [/vibe_analyses has no analyses any more \(300 samples had one\)/]],
    ['half of the analyses', { analyses: 150 }, [/vibe_analyses has 150 analyses \(it had 300\)/]],
    [
      'new samples without an analysis',
      {
        samples: 900,
        analyses: 300,
        filled: { 'samples.title': 900, 'samples.genre': 900, 'samples.tags': 40 },
      },
      [],
    ],
    [
      'samples that were deleted',
      { samples: 30, analyses: 30, filled: { 'samples.title': 30, 'samples.genre': 30, 'samples.tags': 4 } },
      [],
    ],
    ['an empty catalog, which says nothing', { samples: 0, analyses: 0, filled: { 'samples.genre': 0 } }, []],
    [
      'analyses that are hidden',
      { analyses: 0, hidden: ['vibe_analyses'] },
      [/row-level security hides rows of vibe_analyses/, /no analyses any more/],
    ],
  ])('%s', (_, change, expected) => {
    const losses = lossesOf(shape(change), LAST);
    expect(losses).toHaveLength(expected.length);
    for (const [at, pattern] of expected.entries()) expect(losses[at]).toMatch(pattern);
  });

  it('of a first run is nothing, but for analyses that row-level security may hide', () => {
    expect(lossesOf(shape({ analyses: 0, filled: { 'samples.genre': null } }), null)).toEqual([]);
    expect(lossesOf(shape({ analyses: 10, hidden: ['vibe_analyses'] }), null)).toMatchObject([
      expect.stringMatching(/290 samples are seen without an analysis/),
    ]);
    expect(lossesOf(shape({ hidden: ['samples', 'vibe_analyses'] }), null)).toEqual([]);
  });

  it('is asked for once: what was accepted is remembered', async () => {
    let remembered: RememberedField[] | null = null;
    const store = {
      rememberShape: async (_: string, fields: readonly RememberedField[]) => {
        remembered = [...fields];
      },
    };
    const check = async (now: CatalogShape, accept: boolean) => {
      const { remember } = await checkShape(
        { catalog: { survey: async () => now, place: 'SQLite at a' }, store },
        { runId: 'run', accept, fields: LIBRARY_FIELDS, prune: false, remembered },
      );
      await remember();
    };
    const poorer = shape({ filled: { 'samples.genre': null } });
    await check(shape(), false);
    await expect(check(poorer, false)).rejects.toMatchObject({
      kind: 'blocked',
      message: expect.stringMatching(/samples\.genre.*Restore the catalog, or start with --accept-shape/),
    });
    expect(remembered).toEqual(LAST);
    await check(poorer, true);
    await check(poorer, false);
    // Nothing is learned from an empty catalog.
    await check(shape({ samples: 0, analyses: 0 }), false);
    expect(remembered).toEqual(fieldsOf(poorer));
  });
});

it('gaps name the table where all of it is missing', () => {
  const analyses = ['mood_primary', 'mood_secondary', 'energy_level', 'texture_tags', 'characteristics'];
  const absent = ['samples.bpm', ...analyses.map((column) => `vibe_analyses.${column}`)];
  expect(gapsOf({ absent, hidden: [] })).toEqual([
    'missing, so left out of the texts: samples.bpm, vibe_analyses',
  ]);
  expect(gapsOf({ absent: [], hidden: ['samples'] })).toEqual([
    expect.stringMatching(/row-level security hides rows of samples .* --prune is refused/),
  ]);
  expect(gapsOf({ absent: [], hidden: [] })).toEqual([]);
});

describe('declared rows', () => {
  const declared = (change: Partial<CatalogShape> = {}): CatalogShape => ({
    samples: 250,
    analyses: null,
    hidden: [],
    filled: { name: 250, pack: 200, samples: 40 },
    ...change,
  });

  it('have no analyses to speak of', () => {
    expect(notesOf(declared())).toEqual(['250 samples']);
    expect(fieldsOf(declared()).map(({ field }) => field)).toEqual(['samples', '.name', '.pack', '.samples']);
  });

  it('lose what their texts are made of, under the names of the declaration', () => {
    const before = fieldsOf(declared());
    expect(lossesOf(declared(), before)).toEqual([]);
    expect(lossesOf(declared({ filled: { name: 250, pack: 0, samples: 0 } }), before)).toEqual([
      'pack is filled for 0 samples (it was for 200)',
      'samples is filled for 0 samples (it was for 40)',
    ]);
  });

  it('say which of them are hidden', () => {
    expect(notesOf(declared({ hidden: ['table public.sounds'] }))[1]).toMatch(
      /hides rows of table public\.sounds from this role: hidden samples are not embedded, and --prune is refused/,
    );
    // A table may have the name of one of the library's.
    expect(notesOf(declared({ hidden: ['table vibe_analyses'] }))[1]).toMatch(/--prune is refused/);
  });
});

it('a column that no text is made of may go', () => {
  const of = shapeOfTexts(shape({ hidden: ['vibe_analyses'] }), ['title']);
  expect(of).toEqual({ samples: 300, analyses: null, hidden: [], filled: { 'samples.title': 300 } });
  expect(lossesOf(of, LAST)).toEqual([]);
  expect(shapeOfTexts(shape(), LIBRARY_FIELDS)).toEqual(shape());
  expect(isOfTexts(['mood'], 'mood')).toBe(true);
  expect(isOfTexts(['mood_primary'], 'vibe_analyses.mood_primary')).toBe(true);
  expect(isOfTexts(['genre'], 'samples.bpm')).toBe(false);
});

it('of another folder than the last run, nothing is pruned before a run without it', async () => {
  let remembered: RememberedField[] | null = null;
  const store = {
    rememberShape: async (_: string, fields: readonly RememberedField[]) => {
      remembered = [...fields];
    },
  };
  const now = { samples: 3, analyses: null, filled: { title: 3 }, hidden: [] };
  const check = async (place: string, prune: boolean) => {
    const { remember } = await checkShape(
      { catalog: { survey: async () => now, place, refresh: async () => null as never }, store },
      { runId: 'run', accept: false, fields: ['title'], prune, remembered },
    );
    await remember();
  };
  await check('folder /a', true);
  await check('folder /a', true);
  await expect(check('folder /b', true)).rejects.toMatchObject({
    kind: 'blocked',
    message: expect.stringContaining('the last run read the folder /a, this one the folder /b'),
  });
  await check('folder /b', false);
  await check('folder /b', true);
});
