import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSound, soundPlace } from '../../src/sound/find-file.js';
import { openPlayable } from '../../src/sound/playable.js';
import { parseSoundRoots, type SoundRoots } from '../../src/sound/roots.js';
import { type TemporaryFolder, temporaryFolder, wav } from './files.js';

let folder: TemporaryFolder;
let root: string;
let outside: string;
let secret: string;
let roots: SoundRoots;
const BYTES = wav(Buffer.from([1, 2, 3, 4]));

beforeAll(() => {
  folder = temporaryFolder();
  root = join(folder.path, 'root');
  outside = join(folder.path, 'outside');
  secret = join(outside, 'secret.wav');
  mkdirSync(join(root, 'kicks'), { recursive: true });
  mkdirSync(outside);
  writeFileSync(secret, BYTES);
  writeFileSync(join(root, 'a.wav'), BYTES);
  writeFileSync(join(root, 'kicks', 'b.wav'), BYTES);
  roots = {
    folders: [root],
    moved: [
      { from: '/Volumes/Old', to: root },
      { from: 'C:\\Samples', to: root },
    ],
  };
});
afterAll(() => folder.remove());

const kindOf = async (path: string | null, within = roots): Promise<string> =>
  (await findSound(path, within)).kind;
const pathOf = async (path: string, within = roots): Promise<string> => {
  const file = await findSound(path, within);
  if (file.kind !== 'file') throw new Error(`${path}: ${file.sentence}`);
  return file.path.toString();
};

describe('what is found', () => {
  it.each([
    ['relative', () => 'kicks/b.wav'],
    ['absolute', () => join(root, 'kicks/b.wav')],
    ['written as the root is', () => `${folder.path}/outside/../root/kicks/b.wav`],
    ['below a moved prefix', () => '/Volumes/Old/kicks/b.wav'],
  ])('is below a root of SAMPLES_ROOT that is written with "..": a path that is %s', async (_, path) => {
    const written = `${folder.path}/outside/../root`;
    const within = parseSoundRoots(`${written}:/Volumes/Old=${written}`);
    expect(await pathOf(path(), within)).toBe(join(root, 'kicks/b.wav'));
    expect(await kindOf(`${written}/../outside/secret.wav`, within)).toBe('outside');
  });

  it('has the real path, the name and the stamp of the file', async () => {
    const { size, mtimeNs, dev, ino } = statSync(join(root, 'a.wav'), { bigint: true });
    expect(await findSound(join(root, 'a.wav'), roots)).toEqual({
      kind: 'file',
      path: join(root, 'a.wav'),
      name: 'a.wav',
      size: Number(size),
      ...{ mtimeNs, dev, ino },
    });
  });

  it.each([
    ['kicks/b.wav'],
    ['./kicks//b.wav'],
    ['kicks/../kicks/b.wav'],
    ['kicks\\b.wav'],
    ['/Volumes/Old/kicks/b.wav'],
    ['C:\\Samples\\kicks\\b.wav'],
    ['c:/SAMPLES/kicks/b.wav'],
  ])('%s', async (path) => expect(await pathOf(path)).toBe(join(root, 'kicks', 'b.wav')));

  it('a relative path in the first root that has it', async () => {
    const second = join(folder.path, 'second');
    mkdirSync(second);
    writeFileSync(join(second, 'a.wav'), BYTES);
    writeFileSync(join(second, 'c.wav'), BYTES);
    const both = { folders: [join(folder.path, 'gone'), root, second], moved: [] };
    expect(await pathOf('a.wav', both)).toBe(join(root, 'a.wav'));
    expect(await pathOf('c.wav', both)).toBe(join(second, 'c.wav'));
  });

  it('through links that stay within the roots, also where the root is one', async () => {
    symlinkSync('kicks/b.wav', join(root, 'link.wav'));
    symlinkSync('kicks', join(root, 'drums'));
    symlinkSync(root, join(folder.path, 'alias'));
    const b = join(root, 'kicks', 'b.wav');
    expect(await pathOf('link.wav')).toBe(b);
    // As of git-annex, whose files have names for nobody.
    expect(await findSound('link.wav', roots)).toMatchObject({ name: 'link.wav' });
    expect(await pathOf('drums/b.wav')).toBe(b);
    expect(await pathOf(join(folder.path, 'alias', 'drums', 'b.wav'))).toBe(b);
    expect(await pathOf('drums/b.wav', { folders: [join(folder.path, 'alias')], moved: [] })).toBe(b);
    expect(await pathOf(b, { folders: [join(folder.path, 'alias')], moved: [] })).toBe(b);
  });

  it('names that are written in another form of Unicode', async () => {
    mkdirSync(join(root, 'Sa\u0308tze'));
    writeFileSync(join(root, 'Sa\u0308tze', 'u\u0308ber.wav'), BYTES);
    writeFileSync(join(root, 'caf\u00e9.wav'), BYTES);
    expect(await findSound('S\u00e4tze/\u00fcber.wav', roots)).toMatchObject({
      kind: 'file',
      name: '\u00fcber.wav',
    });
    expect(await findSound(join(root, 'S\u00e4tze', 'u\u0308ber.wav'), roots)).toMatchObject({
      kind: 'file',
    });
    expect(await pathOf('cafe\u0301.wav')).toBe(join(root, 'caf\u00e9.wav'));
    expect(await kindOf('cafe\u0302.wav')).toBe('gone');
  });

  it('names that are no UTF-8', async () => {
    const odd = Buffer.concat([
      Buffer.from(`${root}/`),
      Buffer.from([0x66, 0xfc, 0x80, 0x72]),
      Buffer.from('.wav'),
    ]);
    writeFileSync(odd, BYTES);
    for (const written of ['f\u00fc\u20acr.wav', 'f\ufffd\ufffdr.wav']) {
      const file = await findSound(written, roots);
      expect(file).toMatchObject({ kind: 'file', path: odd, name: 'f\u00fc\u20acr.wav' });
      if (file.kind === 'file') expect((await openPlayable(file)).kind).toBe('sound');
    }
    const twin = join(root, 'f\u00fc\u20acr.wav');
    writeFileSync(twin, BYTES);
    expect(await pathOf('f\u00fc\u20acr.wav')).toBe(twin);
    // The URL of its bytes names no other file.
    for (const url of [`file://${root}/f%FC%80r.wav`, 'file://localhost/Volumes/Old/f%fc%80%72.wav'])
      expect(await findSound(url, roots)).toMatchObject({
        kind: 'file',
        path: odd,
        name: 'f\u00fc\u20acr.wav',
      });
    expect(await soundPlace(`file://${root}/f%FC%80r.wav`, roots)).toBe(`file://${root}/f%FC%80r.wav`);
    expect(await findSound(`file://${root}/g%FC.wav`, roots)).toMatchObject({
      kind: 'gone',
      lookedAt: [`file://${root}/g%FC.wav`],
    });
  });

  it('where it is, as text: links followed or kept', async () => {
    mkdirSync(join(root, 'store'));
    writeFileSync(join(root, 'store', '0af3'), BYTES);
    symlinkSync('store/0af3', join(root, 'named.wav'));
    expect(await soundPlace('named.wav', roots)).toBe(join(root, 'store', '0af3'));
    expect(await soundPlace('kicks/../named.wav', roots, { links: false })).toBe(join(root, 'named.wav'));
    expect(await soundPlace(secret, roots, { links: false })).toBeNull();
  });
});

describe('what is refused', () => {
  it('tells what is missing', async () => {
    expect(await findSound(null, roots)).toMatchObject({ kind: 'no-path', lookedAt: [] });
    expect(await kindOf('')).toBe('no-path');
    expect(await kindOf('  ')).toBe('no-path');
    expect(await findSound('a.wav', { folders: [], moved: [] })).toMatchObject({
      kind: 'no-root',
      sentence: expect.stringContaining('SAMPLES_ROOT is not set: set it to'),
    });
  });

  it('tells of a file that is gone where it was looked for', async () => {
    expect(await findSound('/Volumes/Old/gone.wav', roots)).toEqual({
      kind: 'gone',
      sentence: expect.stringMatching(/is not there: connect its disk/),
      lookedAt: [join(root, 'gone.wav'), '/Volumes/Old/gone.wav'],
    });
    expect(await kindOf('a.wav/below.wav')).toBe('gone');
    expect(await kindOf(`${'x'.repeat(300)}.wav`)).toBe('gone');
    expect(await kindOf('a.wav', { folders: [join(folder.path, 'unplugged')], moved: [] })).toBe('gone');
  });

  it('what is no regular file, and waits for none', async () => {
    execFileSync('mkfifo', [join(root, 'pipe.wav')]);
    const socket = createServer().listen(join(root, 'socket.wav'));
    await new Promise((resolve) => socket.once('listening', resolve));
    symlinkSync('/dev/zero', join(root, 'device.wav'));
    expect(await kindOf('pipe.wav')).toBe('not-a-file');
    expect(await kindOf('socket.wav')).toBe('not-a-file');
    expect(await kindOf('kicks')).toBe('not-a-file');
    expect(await kindOf('kicks/')).toBe('not-a-file');
    expect(await kindOf('.')).toBe('not-a-file');
    expect(await kindOf('/dev/zero', { folders: ['/dev'], moved: [] })).toBe('not-a-file');
    expect(await kindOf('device.wav')).toBe('outside');
    await new Promise((resolve) => socket.close(resolve));
  });

  it('what may not be read', async () => {
    const locked = { folders: [join(folder.path, 'locked')], moved: [] };
    mkdirSync(join(folder.path, 'locked', 'deep'), { recursive: true });
    writeFileSync(join(folder.path, 'locked', 'a.wav'), BYTES);
    writeFileSync(join(folder.path, 'locked', 'deep', 'b.wav'), BYTES);
    chmodSync(folder.path, 0o755);
    chmodSync(join(folder.path, 'locked', 'a.wav'), 0);
    chmodSync(join(folder.path, 'locked', 'deep'), 0);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      expect(await findSound('a.wav', locked)).toMatchObject({
        kind: 'unreadable',
        sentence: expect.stringMatching(/give its user the right/),
      });
      expect(await kindOf('deep/b.wav', locked)).toBe('unreadable');
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(join(folder.path, 'locked', 'deep'), 0o755);
    }
  });

  it('what lies outside, whatever the way', async () => {
    symlinkSync(secret, join(root, 'out.wav'));
    symlinkSync('../outside/secret.wav', join(root, 'out-relative.wav'));
    symlinkSync('out.wav', join(root, 'out-twice.wav'));
    symlinkSync(outside, join(root, 'out'));
    symlinkSync('..', join(root, 'kicks', 'up'));
    symlinkSync('/', join(root, 'slash'));
    symlinkSync('/proc/self/root', join(root, 'proc'));
    symlinkSync('/proc/self/cwd', join(root, 'cwd'));
    symlinkSync('circle.wav', join(root, 'circle.wav'));
    mkdirSync(`${root}-other`);
    writeFileSync(join(`${root}-other`, 'near.wav'), BYTES);
    const base = '../outside/secret.wav';
    const ways = [
      secret,
      base,
      `kicks/../${base}`,
      `kicks/../../outside/secret.wav`,
      `./${base}`,
      `.//..//outside//secret.wav`,
      `kicks/up/${base}`,
      `${'../'.repeat(60)}${secret.slice(1)}`,
      `${root}/../outside/secret.wav`,
      `${root}/kicks/../../outside/secret.wav`,
      `/Volumes/Old/../outside/secret.wav`,
      `/Volumes/Old/kicks/../../outside/secret.wav`,
      `C:\\Samples\\..\\outside\\secret.wav`,
      `c:/samples/../outside/secret.wav`,
      'out.wav',
      'out-relative.wav',
      'out-twice.wav',
      'out/secret.wav',
      'out/none.wav',
      'out/no/way.wav',
      'out/../outside/secret.wav',
      `slash${secret}`,
      `proc${secret}`,
      'cwd/package.json',
      `/proc/self/root${secret}`,
      `/proc/self/cwd/package.json`,
      `file://${secret}`,
      `file://${root}/../outside/secret.wav`,
      `file://${root}/%2e%2e/outside/secret.wav`,
      `file://${outside}/s%FC.wav`,
      `file://${root}/%2e%2e/outside/s%FC.wav`,
      `file:///Volumes/Old/%2E%2E/outside/s%FC.wav`,
      `file:///proc/self/root${root}/s%FC.wav`,
      'D:\\outside\\secret.wav',
      '\\\\host\\share\\secret.wav',
      `${root}-other/near.wav`,
      '/etc/passwd',
      '/etc/shadow',
      '/proc/self/environ',
      '/proc/self/mem',
      '/no/such/place.wav',
    ];
    for (const way of ways) expect(`${way}: ${await kindOf(way)}`).toBe(`${way}: outside`);
    // Names that only look like a way out.
    const names = [
      '%2e%2e/outside/secret.wav',
      '..%2foutside%2fsecret.wav',
      '%2e%2e%2foutside%2fsecret.wav',
      `file://${root}/..%2Foutside%2Fs%FC.wav`,
      `file://${root}/a%00%FC.wav`,
      `file://host${root}/a.wav`,
      '..%c0%afoutside%c0%afsecret.wav',
      '..;/outside/secret.wav',
      '....//outside/secret.wav',
      '\uff0e\uff0e/outside/secret.wav',
      '\u2024\u2024/outside/secret.wav',
      '..\u2215outside\u2215secret.wav',
      '..\u2044outside\u2044secret.wav',
      'a.wav\0.png',
      '\0',
      '..\\outside\\secret.wav',
      'kicks\\..\\..\\outside\\secret.wav',
      `a.wav%00`,
      '~/secret.wav',
      '$HOME/secret.wav',
      '`id`',
      'circle.wav',
      'a.wav::$DATA',
      '\ud800.wav',
    ];
    for (const name of names) expect(`${name}: ${await kindOf(name)}`).toBe(`${name}: gone`);
  });

  it('a hard link within the roots is a file of them', async () => {
    linkSync(secret, join(root, 'hard.wav'));
    expect(await kindOf('hard.wav')).toBe('file');
  });
});

describe('a file that is exchanged meanwhile', () => {
  it('is not opened in the place of the one that was checked', async () => {
    const path = join(root, 'exchanged.wav');
    writeFileSync(path, BYTES);
    const file = await findSound(path, roots);
    if (file.kind !== 'file') throw new Error(file.sentence);
    renameSync(path, join(folder.path, 'kept.wav'));
    symlinkSync(secret, path);
    expect((await openPlayable(file)).kind).toBe('gone');
    unlinkSync(path);
    writeFileSync(path, BYTES);
    expect((await openPlayable(file)).kind).toBe('gone');
    rmSync(path);
    expect((await openPlayable(file)).kind).toBe('gone');
  });

  it('is never read from outside while its folder is exchanged for a link', async () => {
    const switched = join(root, 'switched');
    const kept = join(root, 'kept');
    mkdirSync(switched);
    writeFileSync(join(switched, 'secret.wav'), BYTES);
    const { ino } = statSync(secret, { bigint: true });
    let ended = false;
    const exchanging = (async () => {
      for (let round = 0; round < 300; round++) {
        renameSync(switched, kept);
        symlinkSync(outside, switched);
        await new Promise(setImmediate);
        unlinkSync(switched);
        renameSync(kept, switched);
        await new Promise(setImmediate);
      }
      ended = true;
    })();
    const seen = new Set<string>();
    while (!ended) {
      const file = await findSound('switched/secret.wav', roots);
      seen.add(file.kind);
      if (file.kind === 'file') expect(file.ino).not.toBe(ino);
    }
    await exchanging;
    expect([...seen].filter((kind) => !['file', 'outside', 'gone'].includes(kind))).toEqual([]);
  });
});
