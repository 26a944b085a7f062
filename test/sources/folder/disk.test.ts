import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSound } from '../../../src/sound/find-file.js';
import { Database } from '../../../src/sqlite.js';
import { Library } from './library.js';
import { wav } from './sounds.js';

let library: Library;
beforeEach(() => {
  library = new Library();
});
afterEach(() => library.remove());

const counts = { added: 0, changed: 0, moved: 0, removed: 0, unchanged: 0 };
const paths = () => Object.keys(library.ids());

/** Runs as a user that may not read what root closed; as anybody else file modes do that already. */
async function unprivileged<T>(run: () => Promise<T>): Promise<T> {
  const root = process.geteuid?.() === 0;
  if (root) {
    mkdirSync(join(library.place, 'home'), { recursive: true });
    chmodSync(library.place, 0o777);
    chmodSync(join(library.place, 'home'), 0o777);
    process.seteuid?.(65_534);
  }
  try {
    return await run();
  } finally {
    if (root) process.seteuid?.(0);
  }
}

describe('names', () => {
  it('may hold any character that a path can hold', async () => {
    const names = [
      'new\nline.wav',
      `'single' "double".wav`,
      'emoji 🥁.wav',
      '100% #1 [a] {b} ?.wav',
      'back\\slash.wav',
      ' leading blank.wav',
      'tab\t.wav',
      '$HOME `x`.wav',
      '-rf.wav',
      'ü ñ 日本語 עברית.wav',
      `${'x'.repeat(251)}.wav`,
    ];
    for (const name of names) library.add(`folder ${name} with a blank at its end /${name}`.slice(-255 * 2));
    library.add('blank /a.wav');
    const summary = await library.scan();
    expect(summary).toMatchObject({ unreadable: {}, oddNames: { count: 0 } });
    expect(library.rows().map(({ file }) => file)).toEqual(
      expect.arrayContaining([...names.slice(0, -1), 'a.wav']),
    );
    for (const { path } of library.rows()) expect(readFileSync(path).length).toBe(204);
    expect(await library.scan()).toMatchObject({ ...counts, unchanged: summary.samples });
  });

  it('that are no UTF-8 are read by their bytes, and shown as Windows-1252', async () => {
    const folder = Buffer.concat([
      Buffer.from(`${library.root}/M`),
      Buffer.from([0xfa]),
      Buffer.from('sica'),
    ]);
    mkdirSync(folder);
    const file = Buffer.concat([
      folder,
      Buffer.from('/Caf'),
      Buffer.from([0xe9]),
      Buffer.from(' Loop 92.wav'),
    ]);
    writeFileSync(file, wav());
    library.age(file, 3600);
    library.add('Música/Café Loop 92.wav');
    expect(await library.scan()).toMatchObject({ added: 2, oddNames: { count: 1 }, unreadable: {} });
    expect(library.rows()).toMatchObject([
      { folder: 'Música', file: 'Café Loop 92.wav', bpm: 92 },
      { folder: 'Música', file: 'Café Loop 92.wav', bpm: 92 },
    ]);
    expect(paths()).toHaveLength(1);
    expect(
      library
        .rows()
        .map(({ path }) => path)
        .sort(),
    ).toEqual([
      join(library.root, 'Música/Café Loop 92.wav'),
      `file://${library.root}/M%FAsica/Caf%E9%20Loop%2092.wav`,
    ]);
    const before = library.rows().map(({ id }) => id);
    expect(await library.scan()).toMatchObject({ ...counts, unchanged: 2 });
    renameSync(file, join(library.root, 'cafe.wav'));
    expect(await library.scan()).toMatchObject({ ...counts, unchanged: 1, moved: 1, oddNames: { count: 0 } });
    expect(
      library
        .rows()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(before.sort());
  });
});

describe('what is ignored', () => {
  it('is hidden, left behind by archives and disks, or named by a pattern', async () => {
    for (const path of [
      'kept.wav',
      '._kept.wav',
      '.hidden/a.wav',
      '__MACOSX/a.wav',
      'Pack/@eaDir/a.wav',
      'Pack/Demos/song.wav',
      'Pack/Demos/kept.wav',
      'Pack/preview.MP3',
    ])
      library.add(path);
    await library.scan({ ignore: ['**/Demos/*', '!**/Demos/kept.wav', '*.mp3'] });
    expect(paths()).toEqual(['Pack/Demos/kept.wav', 'kept.wav']);
    await library.scan({ ignore: ['!.hidden', 'Pack/'] });
    expect(paths()).toEqual(['.hidden/a.wav', 'kept.wav']);
  });
});

describe('links', () => {
  it('that lead in a circle end', async () => {
    library.add('A/B/a.wav');
    symlinkSync('../..', join(library.root, 'A/B/up'));
    symlinkSync('.', join(library.root, 'A/self'));
    symlinkSync('endless', join(library.root, 'endless'));
    expect(await library.scan()).toMatchObject({
      added: 1,
      unreadable: { 'is a link that leads to itself': { count: 1 } },
    });
    expect(paths()).toEqual(['A/B/a.wav']);
    expect(await library.scan()).toMatchObject({ ...counts, unchanged: 1 });
  });

  it('within the roots are followed, once, and a real path comes before a link', async () => {
    library.add('.store/sub/x.wav');
    library.add('real/a.wav');
    symlinkSync('real', join(library.root, 'a link to real'));
    symlinkSync('.store', join(library.root, 'one'));
    symlinkSync(join(library.root, '.store'), join(library.root, 'two'));
    expect(await library.scan()).toMatchObject({ added: 2, unreadable: {}, outside: { count: 0 } });
    expect(paths()).toEqual(['one/sub/x.wav', 'real/a.wav']);
    expect(await library.scan()).toMatchObject({ ...counts, unchanged: 2 });
  });

  it('to files within the roots are followed to what was not met itself', async () => {
    library.add('real/a.wav');
    library.add('objects/5f3a');
    symlinkSync('real/a.wav', join(library.root, 'again.wav'));
    symlinkSync('objects/5f3a', join(library.root, 'named.wav'));
    symlinkSync('nowhere', join(library.root, 'broken.wav'));
    const unreadable = { 'is gone, or is a link that leads nowhere': { count: 1 } };
    expect(await library.scan()).toMatchObject({ added: 2, unreadable });
    expect(paths()).toEqual(['named.wav', 'real/a.wav']);
    expect(await library.scan()).toMatchObject({ ...counts, unchanged: 2, unreadable });
    rmSync(join(library.root, 'named.wav'));
    expect(await library.scan()).toMatchObject({ ...counts, unchanged: 1, removed: 1 });
  });

  it('to what is not there keep what is known behind them', async () => {
    library.add('.disk/a.wav');
    symlinkSync('.disk', join(library.root, 'disk'));
    library.add('b.wav');
    await library.scan();
    const before = library.rows();
    renameSync(join(library.root, '.disk'), join(library.root, '.away'));
    expect(await library.scan()).toMatchObject({ ...counts, unchanged: 1, samples: 2 });
    expect(library.rows()).toEqual(before);
    renameSync(join(library.root, '.away'), join(library.root, '.disk'));
    expect(await library.scan()).toMatchObject({ ...counts, unchanged: 2, unreadable: {} });
  });

  it('out of the roots are not followed, in whatever way, and told; a root that they lead to is read', async () => {
    const outside = join(library.place, 'Elsewhere');
    mkdirSync(join(outside, 'sub'), { recursive: true });
    mkdirSync(`${library.root}-other`);
    for (const file of [
      join(outside, 'sub/x.wav'),
      join(outside, 'single.wav'),
      join(`${library.root}-other`, 'near.wav'),
    ]) {
      writeFileSync(file, wav({ seed: file.length }));
      library.age(file, 60);
    }
    const kept = library.add('.store/y.wav');
    library.add('real/a.wav');
    symlinkSync('.store', join(library.root, 'known'));
    await library.scan();
    expect(paths()).toEqual(['known/y.wav', 'real/a.wav']);
    const links = {
      'by way of itself': 'folder/sub',
      'file.wav': join(outside, 'single.wav'),
      folder: outside,
      near: `../${library.root.split('/').at(-1)}-other`,
      'real/up': '../..',
      'real/relative.wav': '../../Elsewhere/single.wav',
      slash: '/',
    };
    for (const [link, target] of Object.entries(links)) symlinkSync(target, join(library.root, link));
    rmSync(join(library.root, 'known'));
    symlinkSync(outside, join(library.root, 'known'));
    const told = await library.scan();
    expect(told).toMatchObject({
      ...counts,
      unchanged: 1,
      removed: 1,
      unreadable: {},
      outside: { count: 8 },
    });
    for (const example of told.outside.examples) expect(example.startsWith(`${library.root}/`)).toBe(true);
    expect(paths()).toEqual(['real/a.wav']);
    expect(readFileSync(kept).length).toBe(204);
    // What may be played is the same.
    const within = { folders: [library.root], moved: [] };
    for (const path of [
      'folder/sub/x.wav',
      'file.wav',
      'near/near.wav',
      'by way of itself/x.wav',
      'known/sub/x.wav',
    ])
      expect((await findSound(join(library.root, path), within)).kind).toBe('outside');
    const both = { roots: [library.root, outside] };
    expect(await library.scan(both)).toMatchObject({ added: 2, outside: { count: 3 } });
    expect(library.rows().map(({ path }) => path)).toEqual([
      join(outside, 'single.wav'),
      join(outside, 'sub/x.wav'),
      join(library.root, 'real/a.wav'),
    ]);
    for (const { path } of library.rows())
      expect((await findSound(path, { folders: both.roots, moved: [] })).kind).toBe('file');
  });
});

describe('roots', () => {
  it('may be several; one inside another, or given twice, is one', async () => {
    library.add('A/a.wav');
    library.add('B/b.wav');
    const [a, b] = [join(library.root, 'A'), join(library.root, 'B')];
    symlinkSync(b, join(library.place, 'link to B'));
    expect((await library.scan({ roots: [b, a, `${b}/`, join(library.place, 'link to B')] })).roots).toEqual([
      { path: b, samples: 1 },
      { path: a, samples: 1 },
    ]);
    expect((await library.scan({ roots: [a, library.root] })).roots).toEqual([
      { path: library.root, samples: 2 },
    ]);
    expect(await library.scan({ roots: [a] })).toMatchObject({ removed: 1, samples: 1 });
    const hidden = join(library.root, '.mine');
    library.add('.mine/c.wav');
    expect((await library.scan({ roots: [hidden, a, library.root] })).roots).toEqual([
      { path: library.root, samples: 2 },
      { path: hidden, samples: 1 },
    ]);
  });

  it('that are gone, no folder, or empty where samples were, change nothing', async () => {
    library.add('a.wav');
    await library.scan();
    const before = library.rows();
    const kept = 'what is known of its 1 samples is kept';
    const refused = (message: string) =>
      expect(library.scan()).rejects.toMatchObject({
        kind: 'blocked',
        message: expect.stringContaining(message),
      });
    renameSync(library.root, `${library.root} away`);
    await refused(`The folder ${library.root} is not there: connect its disk, or correct its path`);
    await refused(kept);
    mkdirSync(library.root);
    await refused(
      `The folder ${library.root} is empty, but held 1 samples before: connect its disk; ${kept}`,
    );
    rmSync(library.root, { recursive: true });
    writeFileSync(library.root, '');
    await refused('is not a folder');
    rmSync(library.root);
    renameSync(`${library.root} away`, library.root);
    const other = join(library.place, 'missing');
    await expect(library.scan({ roots: [library.root, other] })).rejects.toThrow(
      `The folder ${other} is not there`,
    );
    expect(library.rows()).toEqual(before);
    expect(await library.scan()).toMatchObject({ ...counts, unchanged: 1 });
  });

  it('that this user may not read are refused', async () => {
    library.add('a.wav');
    chmodSync(library.root, 0o000);
    try {
      await expect(unprivileged(() => library.scan())).rejects.toMatchObject({
        kind: 'blocked',
        message: `The folder ${library.root} cannot be read by this user: give this user the right to read it`,
      });
    } finally {
      chmodSync(library.root, 0o755);
    }
  });
});

describe('what cannot be read', () => {
  it('is told, and what is known of it is kept: a folder with all below it, a file', async () => {
    library.add('closed/deep/a.wav');
    library.add('open/b.wav');
    const file = library.add('open/c.wav');
    await unprivileged(() => library.scan());
    const before = library.rows();
    expect(before).toHaveLength(3);
    chmodSync(join(library.root, 'closed'), 0o000);
    library.add('open/c.wav');
    chmodSync(file, 0o000);
    try {
      expect(await unprivileged(() => library.scan())).toMatchObject({
        ...counts,
        unchanged: 1,
        unreadable: {
          'cannot be read by this user': { count: 2, examples: [join(library.root, 'closed'), file] },
        },
      });
      expect(library.rows()).toEqual(before);
    } finally {
      chmodSync(join(library.root, 'closed'), 0o755);
    }
  });

  it('includes a folder that is empty on another disk than before: one that is not mounted', async () => {
    library.add('disk/a.wav');
    library.add('b.wav');
    await library.scan();
    const index = new Database(library.indexFile);
    index.exec(`update folders set device = 'another disk' where shown = 'disk'`);
    index.close();
    rmSync(join(library.root, 'disk/a.wav'));
    library.add('disk/.hidden', '');
    expect(await library.scan()).toMatchObject({
      ...counts,
      unchanged: 1,
      samples: 2,
      unreadable: { 'is empty, as where a disk is not mounted': { count: 1 } },
    });
  });
});
