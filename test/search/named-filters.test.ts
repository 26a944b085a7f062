import { describe, expect, it } from 'vitest';
import type { Collection } from '../../src/collections/collection.js';
import { FOLDER_FILTERS } from '../../src/collections/folder-collection.js';
import { LIBRARY_FILTERS } from '../../src/collections/library-text.js';
import { matchColumns } from '../../src/imports/match-columns.js';
import { filterIn } from '../../src/search/named-filters.js';
import { readFilter } from '../../src/search/where.js';

type Filtered = Pick<Collection, 'name' | 'folder' | 'rows' | 'filters'>;
const rows = { table: 'rows', id: 'id', fields: [] };
const folder: Filtered = {
  ...{ name: 'mine', rows, filters: FOLDER_FILTERS },
  folder: { roots: ['/music'], ignore: [] },
};
const declared = (filters: string[]): Filtered => ({ name: 'drums', folder: null, rows, filters });
const library: Filtered = { name: 'samples', folder: null, rows: null, filters: LIBRARY_FILTERS };

const TEMPO = { from: 80, to: 95 };

describe('filters with a name of their own', () => {
  it('read the columns of a folder', () =>
    expect(
      filterIn({ bpm: TEMPO, key: 'A minor', genre: 'House', tag: 'dusty', duration: TEMPO }, folder),
    ).toEqual({
      where: [
        { field: 'genre', is: 'House' },
        { field: 'musical_key', is: 'Am' },
        { field: 'bpm', ...TEMPO },
        { field: 'tags', is: 'dusty' },
        { field: 'duration', ...TEMPO },
      ],
    }));

  it.each([
    ['AverageBpm', 'bpm'],
    ['Tempo', 'bpm'],
    ['Initial Key', 'key'],
    ['genres', 'genre'],
    ['Sample Tags', 'tag'],
    ['TotalTime', 'duration'],
    ['energy_level', 'energy'],
    ['moods', 'mood'],
  ])('read the column %s, which programs and files have', (column, name) =>
    expect(filterIn({ [name]: '8A' }, declared(['Name', column]))).toEqual({
      where: [{ field: column, is: '8A' }],
    }),
  );

  it('read each column that an import recognises', () => {
    const columns = ['Main genre', 'Beats per minute', 'Tonality', 'Vibe', 'Energy level', 'User tags'];
    const { genre, bpm, key, mood, energy, tags } = matchColumns(columns);
    expect([genre, bpm, key, mood, energy, tags]).toEqual(columns);
    expect(
      filterIn({ genre: 'a', key: 'b', bpm: TEMPO, mood: 'c', tag: 'd', energy: TEMPO }, declared(columns))
        .where,
    ).toMatchObject([
      { field: genre },
      { field: key },
      { field: bpm },
      { field: mood },
      { field: tags },
      { field: energy },
    ]);
  });

  it('stay as they are in the sample library', () =>
    expect(filterIn({ mood: 'dark', where: [{ field: 'title', is: 'x' }] }, library)).toEqual({
      mood: 'dark',
      where: [{ field: 'title', is: 'x' }],
    }));

  it('name the nearest condition where there is no such column', () => {
    expect(() => filterIn({ mood: 'dark' }, folder)).toThrow(
      '--mood: the collection mine has no column for it: write --where tags="dark"',
    );
    expect(() => filterIn({ bpm: TEMPO }, declared(['bpms']))).toThrow(
      '--bpm: the collection drums has no column for it: write --where bpms=80-95',
    );
    expect(() => filterIn({ energy: TEMPO }, folder)).toThrow(
      '--energy: the collection mine has no column for it: leave it out, or name the column that holds it with --where',
    );
  });
});

describe('conditions of --where, HTTP and MCP', () => {
  it('may use these names too', () => {
    expect(readFilter(['key=8A', 'tag=dusty', 'bpm=80-95'], folder)).toEqual({
      where: [
        { field: 'musical_key', is: 'Am' },
        { field: 'tags', is: 'dusty' },
        { field: 'bpm', ...TEMPO },
      ],
    });
    expect(readFilter(['energy=0.5..'], library)).toMatchObject({ where: [{ field: 'energy_level' }] });
  });

  it('mean a column of that name first', () =>
    expect(readFilter(['key=8A'], declared(['musical_key', 'key']))).toEqual({
      where: [{ field: 'key', is: '8A' }],
    }));

  it('name only the filters of the collection', () => {
    const check = (text: string, filters: string[]) => () => readFilter([text], declared(filters));
    expect(check('bpm=1', ['pack', 'bpm'])).not.toThrow();
    expect(check('pak=x', ['pack', 'bpm'])).toThrow('--where: pak is no filter of drums: did you mean pack?');
    expect(check('colour=x', ['pack', 'bpm'])).toThrow(
      '--where: colour is no filter of drums: it has pack, bpm',
    );
    expect(check('colour=x', [])).toThrow('it has none; name columns under filters in its file');
  });
});
