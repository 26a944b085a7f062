import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderSourceText } from '../../src/collections/source-text.js';
import { type Catalog, openCatalog } from '../../src/sources/index.js';
import type { SampleFilter } from '../../src/sources/types.js';
import { postgresSite, type Row, SCHEMA, type Site, sqliteSite } from './sites.js';

const sample = (id: number, more: Row): Row => ({ id, title: `Sample ${id}`, ...more });

describe.each([
  { dialect: 'sqlite', start: sqliteSite },
  { dialect: 'postgres', start: postgresSite },
])('filters on $dialect', ({ dialect, start }) => {
  let site: Site;
  let catalog: Catalog;
  beforeAll(async () => {
    site = await start();
    catalog = await openCatalog(
      await site.make(SCHEMA, {
        samples: [
          sample(1, { genre: 'Hip Hop', bpm: 80, musical_key: 'Am', tags: '["Lo-Fi", "vinyl"]' }),
          sample(2, {
            genre: 'hip hop',
            bpm: 95.5,
            file_path: 'Drums/12 inch.wav',
            musical_key: 'F#m',
            tags: '["lofi"]',
          }),
          sample(3, { genre: 'House', bpm: 124, musical_key: 'Am', tags: '["caf\\u00e9"]' }),
          sample(4, { genre: 'Électro', bpm: 125, tags: '["café", "100%_real"]' }),
          sample(5, {}),
        ],
        vibe_analyses: [
          {
            id: 1,
            sample_id: 1,
            mood_primary: 'dark',
            mood_secondary: 'warm',
            texture_tags: '["dusty"]',
            energy_level: 0.25,
            danceability: 0.5,
          },
          {
            id: 2,
            sample_id: 3,
            mood_primary: 'Warm',
            texture_tags: '["clean \\"cut\\""]',
            energy_level: 0.75,
          },
        ],
      }),
    );
  }, 60_000);
  afterAll(async () => {
    await catalog?.close();
    await site?.close();
  });

  it.each<[SampleFilter, number[]]>([
    [{}, [1, 2, 3, 4, 5]],
    [{ genre: 'HIP HOP' }, [1, 2]],
    [{ energy: { from: 0.2, to: 0.6 } }, [1]],
    [{ energy: { from: 0.5, to: Number.POSITIVE_INFINITY } }, [3]],
    [{ danceability: { from: 0.5, to: 0.5 } }, [1]],
    [{ genre: 'Électro' }, [4]],
    [{ genre: 'hip' }, []],
    [{ key: 'am' }, [1, 3]],
    [{ bpm: { from: 80, to: 95.5 } }, [1, 2]],
    [{ bpm: { from: 124, to: 124 } }, [3]],
    [{ mood: 'warm' }, [1, 3]],
    [{ tag: 'lo-fi' }, [1]],
    [{ tag: 'lofi' }, [2]],
    [{ tag: 'fi' }, []],
    [{ tag: 'café' }, [3, 4]],
    [{ tag: 'dusty' }, [1]],
    [{ tag: 'clean "cut"' }, [3]],
    [{ tag: '100%_real' }, [4]],
    [{ tag: '%' }, []],
    [{ genre: "'; drop table samples; --" }, []],
    [{ where: [{ field: 'energy_level', from: 0.2, to: 0.6 }] }, [1]],
    [{ where: [{ field: 'energy_level', from: 0.3, to: Number.POSITIVE_INFINITY }] }, [3]],
    [{ where: [{ field: 'energy_level', from: Number.NEGATIVE_INFINITY, to: 0.75 }] }, [1, 3]],
    [
      { where: [{ field: 'bpm', from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }] },
      [1, 2, 3, 4],
    ],
    [{ where: [{ field: 'danceability', is: '.50' }] }, [1]],
    [{ where: [{ field: 'bpm', is: '80' }] }, [1]],
    [{ where: [{ field: 'id', from: 4, to: 9 }] }, [4, 5]],
    [{ where: [{ field: 'file_path', is: 'drums/12 INCH.wav' }] }, [2]],
    [{ where: [{ field: 'file_path', from: 0, to: 99 }] }, []],
    [{ where: [{ field: 'genre', is: "x' or 1=1 --" }] }, []],
    [
      {
        genre: 'hip hop',
        where: [
          { field: 'bpm', from: 70, to: 90 },
          { field: 'mood_primary', is: 'Dark' },
        ],
      },
      [1],
    ],
    [{ genre: 'hip hop', mood: 'dark', bpm: { from: 70, to: 90 }, tag: 'vinyl', key: 'AM' }, [1]],
  ])('%j', async (filter, ids) => {
    expect(await catalog.findIds(filter)).toEqual(ids);
  });

  it('names the columns there are where one is asked for that is not', async () => {
    await expect(catalog.findIds({ where: [{ field: 'loudness', from: -20, to: 0 }] })).rejects.toMatchObject(
      {
        kind: 'usage',
        message: expect.stringMatching(
          /^--where: the catalog \(DATABASE_URL\) has no column loudness; it has bpm, .*danceability, .*title$/,
        ),
      },
    );
  });

  it('reads numbers that are written as text, and lists that are arrays', async () => {
    const arrays = dialect === 'postgres';
    const other = await openCatalog(
      await site.make([
        `create table samples (id bigint primary key, title text not null, bpm text, gain text, tags ${arrays ? 'text[]' : 'text'})`,
        'create table vibe_analyses (sample_id bigint)',
        `insert into samples values (1, 'one', '92.5', '-3.5e1', ${arrays ? `array['two words']` : `'["two words"]'`}),
          (2, 'two', 'fast', null, null), (3, 'three', '', null, null), (4, 'four', '120', null, null),
          (5, 'five', '12 inch', null, null), (6, 'six', '-3.5e1', '-35 dB', null), (7, 'seven', ' 7. ', null, null),
          (8, 'eight', '1e999999', null, null), (9, 'nine', 'NaN', null, null)`,
      ]),
    );
    try {
      expect(await other.findIds({ bpm: { from: 0, to: 100 } })).toEqual([1, 7]);
      // A negative tempo is in no text.
      expect(await other.findIds({ where: [{ field: 'bpm', from: -40, to: -30 }] })).toEqual([]);
      expect(await other.findIds({ where: [{ field: 'gain', from: -40, to: -30 }] })).toEqual([1, 6]);
      expect(await other.findIds({ where: [{ field: 'bpm', is: '7' }] })).toEqual([7]);
      expect(await other.findIds({ tag: 'Two Words' })).toEqual([1]);
      await expect(other.findIds({ genre: 'x' })).rejects.toThrow(
        /--genre: the catalog .* has no column genre/,
      );
    } finally {
      await other.close();
    }
  });

  it('read each value as texts read it', async () => {
    const [lists, tempos, energies] = [
      [
        ...[
          '["dark","lofi"]',
          '"[\\"dark\\",\\"lofi\\"]"',
          'Dark, lofi',
          'dark; lofi',
          'dark|lofi',
          '#dark #lofi',
        ],
        ...["['dark', 'lofi']", '{dark,lofi}', '[{"name":"dark"}]', '{"dark":true,"lofi":false}', 'dark'],
        ...['["d\\u0061rk"]', "['da\\rk']", 'dark\nlofi', '[null,"dark",1]'],
        // These are in no text as the tag dark.
        ...[
          'dark lofi',
          '{"dark":true,"x":1}',
          '{"dark":"0.9"}',
          '[["dark"]]',
          '["dark"',
          'darker, lofi',
          '',
        ],
      ],
      [
        ...['120 BPM', '120,5', '120-125', '118-122', '~120', '120.0', '120bpm', '1.2e2', '119.99999'],
        ...['1,200', '120%', '120 dB', 'bpm 120', '12O', '60-180.5x', '', '122', '121.5 – 130'],
      ],
      ['85%', '0.85', '85', '0,85', '.82', '8.5', '850%', '85 bpm', 'high', '101', '79', '91', '85 dB'],
    ];
    const size = Math.max(lists.length, tempos.length, energies.length);
    const rows = Array.from({ length: size }, (_, at) => at + 1);
    const other = await openCatalog(
      await site.make(
        [
          'create table samples (id bigint primary key, title text not null, bpm text, tags text)',
          'create table vibe_analyses (id bigint, sample_id bigint, energy_level text)',
        ],
        {
          samples: rows.map((id) => ({
            ...{ id, title: 'T', bpm: tempos[id - 1] ?? null, tags: lists[id - 1] ?? null },
          })),
          vibe_analyses: rows.map((id) => ({ id, sample_id: id, energy_level: energies[id - 1] ?? null })),
        },
      ),
    );
    const upTo = (last: number) => rows.slice(0, last);
    try {
      expect(await other.findIds({ tag: 'dark' })).toEqual(upTo(15));
      expect(await other.findIds({ where: [{ field: 'tags', is: 'DARK' }] })).toEqual(upTo(15));
      expect(await other.findIds({ bpm: { from: 119, to: 121 } })).toEqual(upTo(9));
      expect(await other.findIds({ where: [{ field: 'bpm', is: '120' }] })).toEqual([1, 3, 4, 5, 6, 7, 8]);
      expect(await other.findIds({ energy: { from: 0.8, to: 0.9 } })).toEqual(upTo(5));
      expect(await other.findIds({ energy: { from: 0.82, to: 0.82 } })).toEqual([5]);
      expect(await other.findIds({ where: [{ field: 'energy_level', is: '85 %' }] })).toEqual(upTo(4));
      // What a filter finds is what the texts hold.
      for (const row of await other.readPage({ after: null, limit: 100 })) {
        const { text } = renderSourceText(row);
        const [, tags = ''] = /^Sample Tags: (.*)$/ms.exec(text) ?? [];
        expect([row.id, tags.toLowerCase().split(', ').includes('dark')]).toEqual([row.id, row.id <= 15]);
        expect([row.id, /^Energy: 0\.8/m.test(text)]).toEqual([row.id, row.id <= 5]);
      }
    } finally {
      await other.close();
    }
  });
});
