import { mkdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSound, soundPlace } from '../../src/sound/find-file.js';
import { type TemporaryFolder, temporaryFolder, wav } from './files.js';

const BYTES = wav(Buffer.from([1, 2, 3, 4]));
let folder: TemporaryFolder;
let root: string;
const at = (...names: string[]): string => join(folder.path, ...names);

beforeAll(() => {
  folder = temporaryFolder();
  root = at('root');
  mkdirSync(at('root', 'in'), { recursive: true });
  mkdirSync(at('elsewhere', 'deep'), { recursive: true });
  writeFileSync(at('elsewhere', 'there.wav'), BYTES);
  writeFileSync(at('elsewhere', 'deep', 'über.wav'), BYTES);
  writeFileSync(at('root', 'a.wav'), BYTES);
  symlinkSync(at('elsewhere', 'there.wav'), at('elsewhere', 'link-there.wav'));
});
afterAll(() => folder.remove());

const kindOf = async (path: string, folders = [root]): Promise<string> =>
  (await findSound(path, { folders, moved: [] })).kind;

let links = 0;
/** Makes a link in `root/in`, and returns its path. */
function link(target: string): string {
  const path = join(root, 'in', `link-${links++}.wav`);
  symlinkSync(target, path);
  return path;
}

describe('a path out of the roots is refused alike, whether its file exists or not', () => {
  /** Targets of a link in `root/in`; `NAME`: a name outside that is there or not. */
  it.each([
    ['an absolute target', 'FOLDER/elsewhere/NAME.wav'],
    ['a relative target', '../../elsewhere/NAME.wav'],
    ['a target with detours', '.././in//../../elsewhere/NAME.wav'],
    ['a link there', 'FOLDER/elsewhere/link-NAME.wav'],
    ['a path below a folder there', 'FOLDER/elsewhere/NAME.wav/x.wav'],
    ['a path below a missing folder', 'none/../../../elsewhere/NAME.wav'],
    ['a path below a file', '../a.wav/../../elsewhere/NAME.wav'],
    ['a way back to a missing file', 'FOLDER/elsewhere/NAME.wav/../../root/none.wav'],
  ])('a link with %s', async (_, target) => {
    const to = target.replace('FOLDER', folder.path);
    for (const name of ['there', 'nope']) {
      const path = link(to.replace('NAME', name));
      expect([name, await kindOf(path)]).toEqual([name, 'outside']);
      expect([name, await kindOf(link(path))]).toEqual([name, 'outside']);
      expect([name, await kindOf(link(`../in/${path.slice(join(root, 'in/').length)}`))]).toEqual([
        name,
        'outside',
      ]);
      expect(await soundPlace(path, { folders: [root], moved: [] })).toBeNull();
    }
  });

  it('a way through a folder outside and back', async () => {
    for (const name of ['deep', 'nope'])
      for (const path of [
        link(`FOLDER/elsewhere/${name}/../../root/a.wav`.replace('FOLDER', folder.path)),
        `${folder.path}/elsewhere/${name}/../../root/a.wav`,
        `../elsewhere/${name}/../../root/a.wav`,
      ])
        expect([path, await kindOf(path)]).toEqual([path, 'outside']);
    expect(await kindOf('in/../../root/a.wav')).toBe('file');
  });

  it('a file below a link, in another spelling', async () => {
    symlinkSync(at('elsewhere', 'deep'), join(root, 'o\u0308ut'));
    for (const path of ['\u00f6ut/u\u0308ber.wav', '\u00f6ut/\u00fcber.wav', '\u00f6ut/n\u00f6pe.wav'])
      expect([path, await kindOf(path)]).toEqual([path, 'outside']);
  });

  it('a file that has become such a link since the catalog was read', async () => {
    const path = join(root, 'in', 'scanned.wav');
    writeFileSync(path, BYTES);
    expect(await kindOf(path)).toBe('file');
    for (const name of ['there', 'nope']) {
      unlinkSync(path);
      symlinkSync(at('elsewhere', `${name}.wav`), path);
      expect([name, await kindOf(path)]).toEqual([name, 'outside']);
    }
  });

  it('a circle of links outside', async () => {
    symlinkSync('circle.wav', at('elsewhere', 'circle.wav'));
    expect(await kindOf(link(at('elsewhere', 'circle.wav')))).toBe('outside');
  });
});

describe('a link that dangles within the roots', () => {
  it.each([
    'none.wav',
    '../none/deep.wav',
    '../../root/none.wav',
    'FOLDER/root/none.wav',
    'none/../../x.wav',
  ])('%s is gone', async (target) => {
    const path = link(target.replace('FOLDER', folder.path));
    expect(await kindOf(path)).toBe('gone');
    expect(await kindOf(link(path))).toBe('gone');
  });

  it('is gone where the root is written through a link, or another root is meant', async () => {
    symlinkSync(root, at('alias'));
    mkdirSync(at('second'));
    const through = link(join(at('alias'), 'none.wav'));
    expect(await kindOf(through, [at('alias')])).toBe('gone');
    expect(await kindOf(link(at('second', 'none.wav')), [root, at('second')])).toBe('gone');
    expect(await kindOf(link(at('unplugged', 'none.wav')), [root, at('unplugged')])).toBe('gone');
    expect(await kindOf(link(join(at('alias'), 'a.wav')))).toBe('file');
    rmSync(at('alias'));
  });
});
