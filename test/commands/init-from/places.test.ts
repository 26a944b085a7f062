import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findLibrary } from '../../../src/commands/init/from/find-library.js';
import { expand, type LibraryKind, placesOf } from '../../../src/commands/init/from/places.js';
import { temporaryFolder } from '../../support/cli.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const make = (path: string): string => {
  const file = join(folder.path, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '');
  return file;
};

it.each<[LibraryKind, NodeJS.Platform, string]>([
  ['splice', 'darwin', 'Library/Application Support/com.splice.Splice/users/default/user-41/sounds.db'],
  [
    'mixxx',
    'darwin',
    'Library/Containers/org.mixxx.mixxx/Data/Library/Application Support/Mixxx/mixxxdb.sqlite',
  ],
  ['mixxx', 'darwin', 'Library/Application Support/Mixxx/mixxxdb.sqlite'],
  ['mixxx', 'linux', '.mixxx/mixxxdb.sqlite'],
  ['mixxx', 'linux', '.local/share/mixxx/mixxxdb.sqlite'],
  ['beets', 'darwin', 'Library/Application Support/beets/library.db'],
  ['beets', 'linux', '.config/beets/library.db'],
  ['rekordbox', 'darwin', 'Documents/rekordbox 2026-11.xml'],
])('finds the library of %s on %s in %s', (kind, platform, path) => {
  const file = make(path);
  expect(findLibrary(kind, undefined, { platform, home: folder.path, env: {} }, folder.path)).toBe(file);
});

it('looks where the environment says first', () => {
  const env = { XDG_DATA_HOME: '/data', BEETSDIR: '/beets', XDG_CONFIG_HOME: '/config' };
  expect(placesOf('mixxx', { platform: 'linux', home: '/home/ada', env })[0]).toBe(
    '/data/mixxx/mixxxdb.sqlite',
  );
  expect(placesOf('beets', { platform: 'linux', home: '/home/ada', env }).slice(0, 2)).toEqual([
    '/beets',
    '/config/beets',
  ]);
});

it('gives the names that stand for a star, and passes over files where a folder should be', () => {
  make('users/b/one/sounds.db');
  make('users/a/two/sounds.db');
  make('users/file');
  expect(expand(join(folder.path, 'users/*/*/sounds.db'))).toEqual([
    join(folder.path, 'users/a/two/sounds.db'),
    join(folder.path, 'users/b/one/sounds.db'),
  ]);
});
