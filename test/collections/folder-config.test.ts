import { expect, it } from 'vitest';
import { type ConfigSettings, declaredCollections } from '../../src/collections/config-file.js';

const settings: ConfigSettings = {
  ...{ model: 'openai/text-embedding-3-small', dimensions: 1536, home: '/home/x/.embeddings' },
  ...{ catalogUrl: 'library.db', storeUrl: 'file:embeddings.db', storeToken: null },
  environment: { MUSIC: '/music' },
  fromFile: new Set(),
};
const read = (source: string, rest = '') =>
  declaredCollections(
    `collections:\n  sounds:\n    source: ${source}\n${rest}`,
    '/srv/embeddings.config.yaml',
    '/srv/sub',
    settings,
  )[0];

it('folders count from the file, and may be variables; the index is the catalog', () => {
  expect(read(`{ folder: ["Samples", "\${MUSIC}/b"], ignore: ["Kicks/"] }`)).toMatchObject({
    folder: { roots: ['/srv/Samples', '/music/b'], ignore: ['Kicks/'] },
    catalogUrl: expect.stringMatching(/^\/home\/x\/\.embeddings\/folder-sounds-[0-9a-f]{8}\.db$/),
    rows: { table: 'files', id: 'id' },
    shown: ['title', 'pack', 'bpm', 'musical_key', 'path'],
    filters: expect.arrayContaining(['kind', 'instruments', 'duration']),
  });
});

it('a text, what is shown and filters may name the columns of a file', () => {
  const collection = read(
    '{ folder: . }',
    '    text: "{title} {folder}"\n    show: [title, artist]\n    filters: []\n',
  );
  expect(collection?.rows?.fields).toEqual(['title', 'folder', 'artist', 'path', 'origins']);
});

it('without a source it is the folder of DATABASE_URL, where that is one', () => {
  const [sounds] = declaredCollections(
    'collections: { sounds: { store: { url: "file:s.db" } } }',
    '/srv/embeddings.config.yaml',
    '/srv/sub',
    { ...settings, folder: '/music' },
  );
  expect(sounds).toMatchObject({ folder: { roots: ['/music'] }, rows: { table: 'files' } });
});

it.each([
  [
    '{ folder: a, table: t }',
    'collections.sounds.source.table is only for a database, but source.folder is set too',
  ],
  ['{ folder: a, url: b.db }', 'collections.sounds.source.url is only for a database'],
  ['{ ignore: [a] }', 'collections.sounds.source.ignore is only for a folder, but source.folder is not set'],
  ['{ folder: [] }', 'is empty: name a folder'],
])('refuses %s', (source, sentence) => {
  expect(() => read(source)).toThrow(sentence);
});

it('names the columns there are where a text names none of them', () => {
  expect(() => read('{ folder: a }', '    text: "{tempoo}"\n')).toThrow(
    /files of a folder have path, .*title/,
  );
});
