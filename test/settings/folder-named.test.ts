import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadSettings } from '../../src/config.js';
import { folderNamed } from '../../src/settings/folder-named.js';
import { temporaryFolder } from '../support/cli.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder.path, 'Samples'));
  writeFileSync(join(folder.path, 'library'), '');
});
afterEach(() => folder.remove());

it.each<[string | undefined, boolean, string | null]>([
  ['Samples', false, 'Samples'],
  ['sqlite:///Samples', false, 'Samples'],
  ['library', true, null],
  ['postgresql://host/Samples', false, null],
  ['postgres//user:password@host', false, null],
  [undefined, true, null],
  // Its disk is not connected, or it is a database that is missing.
  ['Gone', true, 'Gone'],
  ['Gone', false, null],
  ['gone.db', true, null],
  ['library/below', true, null],
])('DATABASE_URL=%s, index there: %s', (url, indexed, name) => {
  expect(folderNamed(url, folder.path, () => indexed)).toBe(name === null ? null : join(folder.path, name));
});

it('a folder is a collection of its own text, and its index lies at home under its name', () => {
  const settings = loadSettings({ DATABASE_URL: 'Samples', EMBEDDINGS_COLLECTION: 'mine' }, folder.path);
  expect(settings).toMatchObject({
    catalogUrl: expect.stringMatching(/\/\.embeddings\/folder-mine-[0-9a-f]{8}\.db$/),
    collection: {
      name: 'mine',
      folder: { roots: [join(folder.path, 'Samples')], ignore: [] },
      rows: { table: 'files', id: 'id', fields: expect.arrayContaining(['path', 'origins', 'bpm']) },
      shown: ['title', 'pack', 'bpm', 'musical_key', 'path'],
    },
  });
  const { text } = settings.collection;
  expect(
    text.render({ id: 1, title: 'Deep', kind: 'loop', instruments: '["kick","snare"]', bpm: 87.5 }),
  ).toEqual({
    text: 'Title: Deep\nKind: loop\nInstruments: kick, snare\nBPM: 88',
    notes: [],
  });
});
