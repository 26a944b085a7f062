import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEverySettings, loadSettings } from '../../src/config.js';
import { candidatesOf } from '../../src/sound/candidates.js';
import { checkSoundRoots, parseSoundRoots } from '../../src/sound/roots.js';
import { type TemporaryFolder, temporaryFolder } from './files.js';

let folder: TemporaryFolder;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

describe('parseSoundRoots', () => {
  it.each<[string, readonly string[], readonly [from: string, to: string][]]>([
    ['/music/Samples', ['/music/Samples'], []],
    ['/music/Samples/', ['/music/Samples'], []],
    ['/', ['/'], []],
    ['/a:/b', ['/a', '/b'], []],
    [' /a : /b ::', ['/a', '/b'], []],
    ['/a:/a/', ['/a'], []],
    ['~', [homedir()], []],
    ['~/Samples:/b', [join(homedir(), 'Samples'), '/b'], []],
    ['/Volumes/Old=/music', ['/music'], [['/Volumes/Old', '/music']]],
    ['/Volumes/Old/=/music/:/b', ['/music', '/b'], [['/Volumes/Old', '/music']]],
    ['~/Old=~/New', [join(homedir(), 'New')], [[join(homedir(), 'Old'), join(homedir(), 'New')]]],
    ['samples=/music', ['/music'], [['samples', '/music']]],
    ['C:\\Samples=/music', ['/music'], [['C:\\Samples', '/music']]],
    [
      'C:\\Samples\\=/music:d:/Loops=/loops',
      ['/music', '/loops'],
      [
        ['C:\\Samples', '/music'],
        ['d:/Loops', '/loops'],
      ],
    ],
    ['/a:C:\\=/music', ['/a', '/music'], [['C:', '/music']]],
    ['\\\\nas\\audio=/music', ['/music'], [['\\\\nas\\audio', '/music']]],
    ['/music/a=b', ['/music/a=b'], []],
    ['/music/a=b=/new', ['/new'], [['/music/a=b', '/new']]],
    ['/=/music', ['/music'], [['/', '/music']]],
    ['/home/me/work/../music/', ['/home/me/music'], [['/home/me/work/../music', '/home/me/music']]],
    [
      '/Old=/music/./New/..',
      ['/music'],
      [
        ['/music/./New/..', '/music'],
        ['/Old', '/music'],
      ],
    ],
    ['/music/...', ['/music/...'], []],
  ])('reads %s', (text, folders, moved) => {
    expect(parseSoundRoots(text)).toEqual({ folders, moved: moved.map(([from, to]) => ({ from, to })) });
  });

  it.each<[string, RegExp]>([
    ['Samples', /^SAMPLES_ROOT: "Samples" is no absolute path: write \/music\/Samples/],
    ['./Samples', /no absolute path/],
    ['/a:b', /"b" is no absolute path/],
    ['~other/Samples', /no absolute path/],
    ['old=new', /"old=new" is no absolute path/],
    ['C:\\Samples', /a path of Windows: say where it lies here, as C:\\Samples=\/music\/Samples$/],
    ['=/music', /has no old prefix before its "="/],
    [':', /names no folder: write/],
  ])('refuses %s', (text, message) => {
    expect(() => parseSoundRoots(text)).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.stringMatching(message) }),
    );
  });
});

describe('checkSoundRoots', () => {
  it('takes folders', async () => {
    mkdirSync(join(folder.path, 'there'));
    await checkSoundRoots({ folders: [folder.path, join(folder.path, 'there')], moved: [] });
  });

  it.each([
    ['gone', /gone" is not there: connect its disk, or correct its path$/],
    ['file.wav', /file.wav" is not a folder: name the folder that holds the samples$/],
    ['file.wav/below', /below" is not a folder/],
  ])('refuses %s', async (name, message) => {
    folder.put('file.wav', 'x');
    const roots = { folders: [folder.path, join(folder.path, name)], moved: [] };
    await expect(checkSoundRoots(roots)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(message),
    });
  });
});

describe('candidatesOf', () => {
  const roots = parseSoundRoots(
    '/music:/Volumes/Old=/new:/Volumes/Old/Packs=/packs:C:\\Samples=/windows:relative=/moved',
  );
  it.each<[string, readonly string[]]>([
    ['/music/a.wav', ['/music/a.wav']],
    ['/Volumes/Old/a.wav', ['/new/a.wav', '/Volumes/Old/a.wav']],
    ['/Volumes/Older/a.wav', ['/Volumes/Older/a.wav']],
    ['/Volumes/Old/Packs/a.wav', ['/packs/a.wav', '/new/Packs/a.wav', '/Volumes/Old/Packs/a.wav']],
    ['C:\\Samples\\Kicks\\a.wav', ['/windows/Kicks/a.wav']],
    ['c:/samples/Kicks/a.wav', ['/windows/Kicks/a.wav']],
    ['D:\\Samples\\a.wav', []],
    ['a.wav', ['/music/a.wav', '/new/a.wav', '/packs/a.wav', '/windows/a.wav', '/moved/a.wav']],
    ['file:///music/a%20b%23.wav', ['/music/a b#.wav']],
    ['file://localhost/Volumes/Old/%C3%BC.wav', ['/new/ü.wav', '/Volumes/Old/ü.wav']],
    ['/music/a%20b.wav', ['/music/a%20b.wav']],
  ])('of %s', (path, expected) => expect(candidatesOf(path, roots)).toEqual(expected));

  it('of a relative prefix, and of a path with backslashes', () => {
    expect(candidatesOf('relative/a.wav', roots)[0]).toBe('/moved/a.wav');
    expect(candidatesOf('Kicks\\a.wav', parseSoundRoots('/music'))).toEqual([
      '/music/Kicks\\a.wav',
      '/music/Kicks/a.wav',
    ]);
  });
});

describe('the setting', () => {
  it('is not needed for a folder, whose own path it is then', () => {
    const env = { DATABASE_URL: folder.path };
    expect(loadSettings(env, folder.path).soundRoots).toEqual({
      folders: [folder.path],
      moved: [],
      ofCatalog: true,
    });
    expect(loadSettings({ ...env, SAMPLES_ROOT: '/music' }, folder.path).soundRoots).toEqual({
      folders: ['/music'],
      moved: [],
    });
  });

  it('is empty for a database until it is set', () => {
    const env = { DATABASE_URL: 'library.db' };
    expect(loadSettings(env, folder.path).soundRoots).toEqual({ folders: [], moved: [] });
    expect(loadSettings({ ...env, SAMPLES_ROOT: '"/music"' }, folder.path).soundRoots.folders).toEqual([
      '/music',
    ]);
    expect(() => loadSettings({ ...env, SAMPLES_ROOT: 'music' }, folder.path)).toThrow(/SAMPLES_ROOT/);
  });

  it('is read for each collection of a file', () => {
    folder.put(
      'embeddings.config.yaml',
      'collections:\n  one: { source: { folder: drums }, store: { url: "file:one.db" } }\n  two: { source: { url: "two.db" }, store: { url: "file:two.db" } }\n',
    );
    const rootsOf = (env: Record<string, string>) =>
      loadEverySettings(env, folder.path).map(({ soundRoots }) => soundRoots.folders);
    expect(rootsOf({})).toEqual([[join(folder.path, 'drums')], []]);
    expect(rootsOf({ SAMPLES_ROOT: '/music' })).toEqual([['/music'], ['/music']]);
  });
});
