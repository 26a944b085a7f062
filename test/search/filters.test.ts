import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readingsOf } from '../../src/readings/of-columns.js';
import { FilterColumns } from '../../src/search/index/filter-columns.js';
import { fittingRows } from '../../src/search/index/fitting-rows.js';
import { type Catalog, openCatalog } from '../../src/sources/index.js';
import type { SampleFilter } from '../../src/sources/types.js';
import { type Row, type Site, sqliteSite } from '../sources/sites.js';

/** Columns without a type hold what is put into them. */
const TABLES = [
  'create table samples (id integer primary key, title text, genre, bpm, musical_key text, tags json, number real, whole integer)',
  'create table vibe_analyses (sample_id integer unique, mood_primary, mood_secondary, texture_tags, energy_level real)',
];
const TEXTS = [
  ...[
    'house',
    'House',
    'HOUSE',
    'Électro',
    'électro',
    'ÉLECTRO',
    '',
    ' ',
    '80',
    '80.0',
    ' 80 ',
    '8e1',
    '+80',
    '.5',
  ],
  ...[
    '5.',
    '0x50',
    '12 inch',
    '1e999',
    'NaN',
    'Inf',
    '-3.5e1',
    '2026-01-01',
    "it's",
    '100%_real',
    'a\tb',
    '  7. ',
  ],
  ...[
    '["vinyl", "Lo-Fi"]',
    '["Vinyl"]',
    '["caf\\u00e9"]',
    '["café"]',
    '["a, b", "c"]',
    '["a \\"b\\" c"]',
    '[80, 0.5]',
  ],
  ...[
    '{"vinyl": "x"}',
    '[]',
    '["a\\"vinyl"]',
    '[broken',
    'K',
    'straße',
    'STRASSE',
    'İstanbul',
    '[["vinyl"]]',
    'vinyl, dusty',
    '#vinyl #dusty',
    "['vinyl', 'it\\'s']",
    '{vinyl,"a, b"}',
    '{"vinyl": true, "x": false}',
    '["vin\\u0079l"]',
    '"[\\"vinyl\\"]"',
    '80 BPM',
    '~80,5',
    '78-82',
    '85%',
    '0,85',
    '85',
    '-14 dB',
  ],
];
const value = fc.oneof(
  fc.constantFrom<unknown>(...TEXTS),
  fc.constantFrom<unknown>(null, 0, 80, -35, 0.5, 7, 1e20, 123456789012),
  fc.double({ min: -100, max: 200, noNaN: true }),
);
const WANTED = [
  ...TEXTS,
  ...[
    'vinyl',
    'VINYL',
    'lo-fi',
    'café',
    'CAFÉ',
    ', ',
    'a, b',
    'a "b" c',
    '7',
    '0.50',
    'k',
    '1E20',
    '12345678901.2e1',
    'x',
  ],
];
const wanted = fc.constantFrom(...WANTED.filter((text) => text.trim() !== ''));
const end = fc.constantFrom(
  Number.NEGATIVE_INFINITY,
  -35,
  0,
  0.5,
  0.85,
  7,
  80,
  81.5,
  Number.POSITIVE_INFINITY,
);
const range = fc.tuple(end, end).map(([from, to]) => (from <= to ? { from, to } : { from: to, to: from }));
const FIELDS = [
  'title',
  'genre',
  'bpm',
  'musical_key',
  'tags',
  'number',
  'whole',
  'mood_primary',
  'texture_tags',
];
const field = fc.constantFrom(...FIELDS);
const where = fc.oneof(
  fc.record({ field, is: wanted }),
  fc.tuple(field, range).map(([name, ends]) => ({ field: name, ...ends })),
);
const one: fc.Arbitrary<SampleFilter> = fc.oneof(
  where.map((each) => ({ where: [each] })),
  wanted.map((genre) => ({ genre })),
  wanted.map((key) => ({ key })),
  wanted.map((mood) => ({ mood })),
  wanted.map((tag) => ({ tag })),
  range.map((bpm) => ({ bpm })),
  range.map((energy) => ({ energy })),
);
const filter = fc.oneof(
  { arbitrary: one, weight: 3 },
  { arbitrary: fc.tuple(one, one).map(([first, second]) => ({ ...first, ...second })), weight: 1 },
);

describe('filters in memory', () => {
  let site: Site;
  let catalog: Catalog;
  let columns: FilterColumns;
  beforeAll(async () => {
    site = await sqliteSite();
    const [samples, analyses] = [[] as Row[], [] as Row[]];
    for (const [at, values] of fc
      .sample(fc.array(value, { minLength: 8, maxLength: 8 }), { numRuns: 600, seed: 7 })
      .entries()) {
      const [genre, bpm, tags, number, whole, mood, second, texture] = values;
      const id = at + 1;
      const text = (from: unknown) => (typeof from === 'string' ? from : null);
      // Half of the genres and moods are texts alone: a number of those only the database can compare.
      samples.push({
        id,
        title: `T${at % 7}`,
        genre: text(genre),
        bpm,
        musical_key: text(bpm),
        tags,
        number: text(number) === null ? number : 80,
        whole,
      });
      if (at % 3 > 0)
        analyses.push({
          sample_id: id,
          mood_primary: text(mood),
          mood_secondary: text(second),
          texture_tags: texture,
          energy_level: whole,
        });
    }
    catalog = await openCatalog(await site.make(TABLES, { samples, vibe_analyses: analyses }));
    const names = [...FIELDS, 'mood_secondary', 'energy_level'];
    const rows = await catalog.readPage({ after: null, limit: 1000, columns: names });
    columns = new FilterColumns(readingsOf(null));
    columns.add({
      ids: rows.map(({ id }) => id),
      columns: Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])),
    });
    columns.finish();
  });
  afterAll(async () => {
    await catalog?.close();
    await site?.close();
  });

  it('fit what fits in the database', async () => {
    const idsOf = (asked: SampleFilter) => {
      const fits = fittingRows(columns, asked, { isLibrary: true });
      return fits === null ? null : [...fits].flatMap((one, row) => (one === 1 ? [columns.ids[row]] : []));
    };
    await fc.assert(
      fc.asyncProperty(filter, async (asked) => {
        const ids = idsOf(asked);
        if (ids !== null) expect(ids).toEqual(await catalog.findIds(asked));
      }),
      { numRuns: 800 },
    );
    // Always the same ones: more than half are answered, and many find something.
    const answers = fc.sample(filter, { numRuns: 800, seed: 7 }).map(idsOf);
    expect(answers.filter((ids) => ids !== null).length).toBeGreaterThan(400);
    expect(answers.filter((ids) => ids !== null && ids.length > 0).length).toBeGreaterThan(300);
  });

  it('leaves to the database what it cannot know', () => {
    const isLibrary = true;
    expect(fittingRows(columns, { where: [{ field: 'loudness', is: 'x' }] }, { isLibrary })).toBeNull();
    expect(fittingRows(columns, { genre: 'x' }, { isLibrary: false })).toBeNull();
  });

  it('leaves a column of too many texts to the database, and keeps the others', () => {
    const ids = Array.from({ length: 200_010 }, (_, at) => at + 1);
    const many = new FilterColumns(readingsOf(null));
    many.add({ ids, columns: { title: ids.map((id) => `Title ${id}`), bpm: ids.map((id) => id % 200) } });
    many.finish();
    expect(many.knows('title')).toBe(true);
    expect(many.column('title')).toBeUndefined();
    const where = [{ field: 'bpm', from: 80, to: 80 }];
    const fits = fittingRows(many, { where }, { isLibrary: true });
    expect(fits?.reduce((sum, one) => sum + one, 0)).toBe(1000);
  });
});
