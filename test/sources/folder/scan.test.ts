import {
  appendFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FOLDER_FIELDS, folderRows, folderText } from '../../../src/collections/folder-collection.js';
import { openDeclared } from '../../../src/sources/declared/index.js';
import { readIndexState, type ScanProgress } from '../../../src/sources/folder/index.js';
import { Database } from '../../../src/sqlite.js';
import { openTextIds } from '../declared-sites.js';
import { Library } from './library.js';
import { chunk, fmt, info, riff, sound, wav } from './sounds.js';

let library: Library;
beforeEach(() => {
  library = new Library();
});
afterEach(() => library.remove());

const encoded = (name: string): Buffer => readFileSync(new URL(`encoded/${name}`, import.meta.url));

const counts = { added: 0, changed: 0, moved: 0, removed: 0, unchanged: 0 };

describe('a folder of samples', () => {
  it('is a row for each audio file, of any depth', async () => {
    library.add('Pack/Kicks/Hard Kick.wav');
    library.add('Loose.WAV');
    library.add('Pack/readme.txt', 'no sample');
    library.add('Pack/cover.png', 'no sample');
    const summary = await library.scan();
    expect(summary).toMatchObject({ ...counts, added: 2, samples: 2, leftOut: {} });
    expect(summary.roots).toEqual([{ path: library.root, samples: 2 }]);
    expect(library.rows()).toMatchObject([
      { path: `${library.root}/Loose.WAV`, folder: '', file: 'Loose.WAV', root: library.root },
      {
        path: `${library.root}/Pack/Kicks/Hard Kick.wav`,
        folder: 'Pack/Kicks',
        file: 'Hard Kick.wav',
        duration: 0.01,
        channels: 1,
        sample_rate: 8000,
        format: 'WAV',
        size: 204,
      },
    ]);
  });

  it('that is empty, or holds no audio, is a catalog without rows', async () => {
    expect(await library.scan()).toMatchObject({ samples: 0 });
    library.add('notes.txt', 'hello');
    expect(await library.scan()).toMatchObject({ ...counts, samples: 0 });
  });

  it('is not read again while size and time are the same', async () => {
    const file = library.add('a.wav');
    await library.scan();
    const before = library.rows();
    const { atime, mtime } = statSync(file);
    writeFileSync(file, wav({ seed: 99 }));
    utimesSync(file, atime, mtime);
    // utimes keeps microseconds only, so this look may read it; the one after does not.
    await library.scan();
    expect(await library.scan()).toMatchObject({ ...counts, unchanged: 1 });
    expect(library.rows()).toMatchObject([{ id: before[0]?.id }]);
  });

  it('that lost files loses their rows', async () => {
    library.add('a.wav');
    library.add('b.wav');
    library.add('gone/c.wav');
    await library.scan();
    rmSync(join(library.root, 'b.wav'));
    rmSync(join(library.root, 'gone'), { recursive: true });
    expect(await library.scan()).toMatchObject({ ...counts, unchanged: 1, removed: 2, samples: 1 });
  });

  it('keeps the id of a file whose content changed, also where it is moved after that', async () => {
    library.add('a.wav', wav());
    await library.scan();
    const id = library.ids()['a.wav'];
    library.add('a.wav', wav({ after: [info({ IGNR: 'House' })] }));
    expect(await library.scan()).toMatchObject({ ...counts, changed: 1 });
    expect(library.rows()).toMatchObject([{ id, genre: 'House' }]);
    mkdirSync(join(library.root, 'new'));
    renameSync(join(library.root, 'a.wav'), join(library.root, 'new/b.wav'));
    expect(await library.scan()).toMatchObject({ ...counts, moved: 1 });
    expect(library.ids()).toEqual({ 'new/b.wav': id });
  });

  it('gives the same ids when its index is lost, and in any other place', async () => {
    for (let at = 0; at < 20; at++) library.add(`Pack ${at % 3}/${at}.wav`);
    library.add('Pack 0/copy of 3.wav', readFileSync(join(library.root, 'Pack 0/3.wav')));
    await library.scan();
    const ids = library.ids();
    const other = join(library.place, 'elsewhere.db');
    rmSync(library.indexFile);
    renameSync(library.root, `${library.root} 2`);
    await library.scan({ roots: [`${library.root} 2`] });
    expect(library.ids()).toEqual(ids);
    expect(Object.values(ids).every((id) => Number.isInteger(id) && id > 0 && id < 2 ** 40)).toBe(true);
    await library.scan({ roots: [`${library.root} 2`], indexFile: other });
    expect(new Database(other).prepare('select id from files order by path').pluck().all()).toEqual(
      library.rows().map(({ id }) => id),
    );
  });

  it('has the same texts in a folder of any other name: the name of the root is no part of them', async () => {
    for (const path of ['field 01.wav', 'Loops/Drums/Break 90.wav', 'Dusty Pack/Kicks/Kick.wav'])
      library.add(path);
    const other = { roots: [join(library.place, 'T7 Backup')], indexFile: join(library.place, 'other.db') };
    cpSync(library.root, other.roots[0] as string, { recursive: true, preserveTimestamps: true });
    await library.scan();
    const texts = library.rows().map((row) => [row.id, folderText.render(row).text]);
    expect(texts.map(([, text]) => /Pack: .*/.exec(String(text))?.[0])).toEqual([
      'Pack: Dusty Pack',
      undefined,
      undefined,
    ]);
    await library.scan(other);
    expect(library.rows(other.indexFile).map((row) => [row.id, folderText.render(row).text])).toEqual(texts);
  });

  it('says how far it is', async () => {
    for (let at = 0; at < 30; at++) library.add(`${at}.wav`);
    const told: ScanProgress[] = [];
    await library.scan({ onProgress: (progress) => told.push(progress) });
    expect(told).toContainEqual({ phase: 'looking', found: 30 });
    expect(told.at(-1)).toEqual({ phase: 'reading', done: 30, total: 30 });
  });
});

describe('files that are moved', () => {
  it('keep their ids: renamed, in another folder, a folder renamed', async () => {
    library.add('A/one.wav');
    library.add('A/two.wav');
    library.add('B/three.wav');
    await library.scan();
    const before = library.ids();
    renameSync(join(library.root, 'A/one.wav'), join(library.root, 'A/uno.wav'));
    renameSync(join(library.root, 'A/two.wav'), join(library.root, 'B/two.wav'));
    renameSync(join(library.root, 'B'), join(library.root, 'C'));
    expect(await library.scan()).toMatchObject({ ...counts, moved: 3, removed: 0 });
    expect(library.ids()).toEqual({
      'A/uno.wav': before['A/one.wav'],
      'C/two.wav': before['A/two.wav'],
      'C/three.wav': before['B/three.wav'],
    });
    expect(library.rows().map(({ path }) => path)).toEqual(
      ['A/uno.wav', 'C/three.wav', 'C/two.wav'].map((path) => join(library.root, path)),
    );
  });

  it('keep their ids when only letter case or the composition of letters changes', async () => {
    library.add('Kicks/Caf\u{e9}.wav');
    library.add('Kicks/LOUD.wav');
    await library.scan();
    const before = library.ids();
    renameSync(join(library.root, 'Kicks/Caf\u{e9}.wav'), join(library.root, 'Kicks/Cafe\u{301}.wav'));
    renameSync(join(library.root, 'Kicks/LOUD.wav'), join(library.root, 'Kicks/loud.wav'));
    expect(await library.scan()).toMatchObject({ ...counts, moved: 2 });
    expect(library.rows().map(({ id, file, path }) => [id, file, path])).toEqual([
      [before['Kicks/Caf\u{e9}.wav'], 'Caf\u{e9}.wav', join(library.root, 'Kicks/Cafe\u{301}.wav')],
      [before['Kicks/LOUD.wav'], 'loud.wav', join(library.root, 'Kicks/loud.wav')],
    ]);
    renameSync(join(library.root, 'Kicks'), join(library.root, 'kicks'));
    expect(await library.scan()).toMatchObject({ ...counts, moved: 2 });
    expect(Object.values(library.ids()).sort()).toEqual(Object.values(before).sort());
  });

  it('keep their ids when their root has another path', async () => {
    library.add('A/one.wav');
    await library.scan();
    const { 'A/one.wav': id } = library.ids();
    renameSync(library.root, join(library.place, 'Volume 1'));
    expect(await library.scan({ roots: [join(library.place, 'Volume 1')] })).toMatchObject({ moved: 1 });
    expect(library.rows()).toMatchObject([{ id, root: join(library.place, 'Volume 1') }]);
  });

  it('are moved only when their old path is gone: copies are rows of their own', async () => {
    const content = readFileSync(library.add('one.wav'));
    library.add('copy.wav', content);
    await library.scan();
    const { 'one.wav': one, 'copy.wav': copy } = library.ids();
    expect(one).not.toBe(copy);
    library.add('more/one.wav', content);
    linkSync(join(library.root, 'one.wav'), join(library.root, 'hard link.wav'));
    expect(await library.scan()).toMatchObject({ ...counts, added: 2, unchanged: 2 });
    expect(library.ids()).toMatchObject({ 'one.wav': one, 'copy.wav': copy });
    expect(new Set(Object.values(library.ids())).size).toBe(4);
    rmSync(join(library.root, 'one.wav'));
    expect(await library.scan()).toMatchObject({ ...counts, removed: 1, unchanged: 3 });
    expect(library.ids()).toMatchObject({ 'copy.wav': copy });
  });

  it('of equal content that are moved together keep an id each, by their names where those stay', async () => {
    const content = wav({ seed: 7 });
    for (const name of ['1.wav', '2.wav', '3.wav']) library.add(`old/${name}`, content);
    await library.scan();
    const before = library.ids();
    renameSync(join(library.root, 'old'), join(library.root, 'new'));
    expect(await library.scan()).toMatchObject({ ...counts, moved: 3 });
    for (const name of ['1.wav', '2.wav', '3.wav'])
      expect(library.ids()[`new/${name}`]).toBe(before[`old/${name}`]);
  });

  it('that swap their names keep the ids of the paths, which are told as changed', async () => {
    library.add('a.wav', wav({ seed: 1, frames: 100 }));
    library.add('b.wav', wav({ seed: 2, frames: 200 }));
    await library.scan();
    const before = library.ids();
    const at = (name: string) => join(library.root, name);
    renameSync(at('a.wav'), at('c.wav'));
    renameSync(at('b.wav'), at('a.wav'));
    renameSync(at('c.wav'), at('b.wav'));
    expect(await library.scan()).toMatchObject({ ...counts, changed: 2 });
    expect(library.ids()).toEqual(before);
    expect(library.rows()).toMatchObject([{ duration: 0.025 }, { duration: 0.0125 }]);
  });
});

describe('files that are no samples', () => {
  it('are left out and told by the reason, also when they are looked at again', async () => {
    library.add('text.wav', 'This is a text file called .wav.\n');
    library.add('empty.wav', '');
    library.add('zeros.wav', Buffer.alloc(5000));
    library.add('cut in the header.wav', wav().subarray(0, 30));
    library.add('no sound.wav', wav({ frames: 0 }));
    library.add('good.wav');
    const leftOut = {
      'is a text file': { count: 1, examples: [join(library.root, 'text.wav')] },
      'is empty': { count: 1, examples: [join(library.root, 'empty.wav')] },
      'is no audio that can be read': { count: 1, examples: [join(library.root, 'zeros.wav')] },
      'says nothing of its sound (no fmt chunk)': {
        count: 1,
        examples: [join(library.root, 'cut in the header.wav')],
      },
      'holds no sound': { count: 1, examples: [join(library.root, 'no sound.wav')] },
    };
    expect(await library.scan()).toMatchObject({ ...counts, added: 1, leftOut });
    expect(await library.scan()).toMatchObject({ ...counts, unchanged: 6, leftOut, samples: 1 });
  });

  it('lose the row that they had, and get it back with the sound', async () => {
    const content = readFileSync(library.add('a.wav'));
    await library.scan();
    const before = library.ids();
    library.add('a.wav', 'oops');
    expect(await library.scan()).toMatchObject({ samples: 0, leftOut: { 'is a text file': { count: 1 } } });
    library.add('a.wav', content);
    expect(await library.scan()).toMatchObject({ samples: 1, leftOut: {} });
    expect(library.ids()).toEqual(before);
  });

  it('are not those that end too early: they are samples as long as they are, and told', async () => {
    library.add('cut.wav', wav({ frames: 800 }).subarray(0, 844));
    expect(await library.scan()).toMatchObject({
      added: 1,
      flawed: { 'is shorter than its header says': { count: 1, examples: [join(library.root, 'cut.wav')] } },
    });
    expect(library.rows()).toMatchObject([{ duration: 0.05 }]);
  });
});

describe('files that are still being copied', () => {
  it('are left for the next look', async () => {
    const whole = wav({ frames: 8000 });
    const file = library.add('a.wav', whole.subarray(0, 4000));
    library.age(file, 0);
    const summary = await library.scan();
    expect(summary).toMatchObject({ samples: 0, postponed: { count: 1, examples: [file] }, leftOut: {} });
    appendFileSync(file, whole.subarray(4000));
    library.age(file, 10);
    expect(await library.scan()).toMatchObject({ added: 1, postponed: { count: 0 } });
  });

  it('keep the row that they had', async () => {
    library.add('a.wav', wav({ seed: 1, frames: 80 }));
    await library.scan();
    const before = library.rows();
    library.age(library.add('a.wav', wav({ seed: 2, frames: 8000 }).subarray(0, 4000)), 0);
    expect(await library.scan()).toMatchObject({ ...counts, postponed: { count: 1 } });
    expect(library.rows()).toEqual(before);
  });

  it.each([
    ['half.mp3', encoded('pad.mp3').subarray(0, 700)],
    ['half.flac', encoded('pad.flac').subarray(0, 700)],
    ['only its begin.flac', encoded('pad.flac').subarray(0, 30)],
    ['half.m4a', encoded('pad.m4a').subarray(0, 700)],
    ['still without a size.wav', riff(fmt(), chunk('data', sound(1, 80), { size: 0 }))],
    ['of an unknown size.wav', riff(fmt(), chunk('data', sound(1, 80), { size: 0xffff_ffff }))],
    ['only made room for.wav', Buffer.alloc(2000)],
    ['a text file so far.wav', 'RIFF'],
  ])('are told by their time where no header tells that they are whole: %s', async (name, content) => {
    const file = library.add(name, content);
    library.age(file, 0);
    expect(await library.scan()).toMatchObject({
      ...{ samples: 0, postponed: { count: 1, examples: [file] }, leftOut: {} },
    });
    library.age(file, 10);
    expect(await library.scan()).toMatchObject({ postponed: { count: 0 } });
  });

  it('that are whole are read at once, however new they are', async () => {
    library.age(library.add('a.wav'), 0);
    expect(await library.scan()).toMatchObject({ added: 1, postponed: { count: 0 } });
  });
});

describe('names of a folder', () => {
  it('are read together: a new one may change what the others tell', async () => {
    library.add('Hits/Snare Loop 120.wav');
    await library.scan();
    expect(library.rows()).toMatchObject([{ bpm: 120 }]);
    for (const number of [117, 118, 119, 121]) library.add(`Hits/Snare Loop ${number}.wav`);
    expect(await library.scan()).toMatchObject({ added: 4, unchanged: 1 });
    expect(library.rows().map(({ bpm }) => bpm)).toEqual([null, null, null, null, null]);
    for (const number of [117, 118, 119, 121]) rmSync(join(library.root, `Hits/Snare Loop ${number}.wav`));
    expect(await library.scan()).toMatchObject({ removed: 4, unchanged: 1 });
    expect(library.rows()).toMatchObject([{ bpm: 120 }]);
  });

  it('are read by the next scan where one was stopped before all rows were described', async () => {
    library.add('Hits/Snare Loop 120.wav');
    await library.scan();
    const index = new Database(library.indexFile);
    index.exec(`update folders set names = null; update files set bpm = 1, title = 'stale'`);
    index.close();
    expect(await library.scan()).toMatchObject({ ...counts, unchanged: 1 });
    expect(library.rows()).toMatchObject([{ bpm: 120, title: 'Snare Loop' }]);
  });

  it('are read anew when they lie below another root', async () => {
    library.add('Big Pack/Kicks/a.wav');
    await library.scan();
    const { id } = library.rows()[0] ?? {};
    const inner = join(library.root, 'Big Pack/Kicks');
    expect(await library.scan({ roots: [inner] })).toMatchObject({ ...counts, unchanged: 1 });
    expect(library.rows()).toMatchObject([{ id, root: inner, folder: '', file: 'a.wav' }]);
    expect(await library.scan()).toMatchObject({ ...counts, unchanged: 1 });
    expect(library.rows()).toMatchObject([{ id, root: library.root, folder: 'Big Pack/Kicks' }]);
  });
});

describe('an index', () => {
  it('is a catalog of declared rows', async () => {
    expect(readIndexState(library.indexFile)).toBeNull();
    library.add('Kicks/Hard Kick 01.wav', wav({ after: [info({ IGNR: 'Techno' })] }));
    library.add('Kicks/Hard Kick 02.wav');
    await library.scan();
    expect(readIndexState(library.indexFile)).toEqual({
      roots: [library.root],
      finished: expect.any(String),
      samples: 2,
    });
    const textIds = await openTextIds();
    const catalog = await openDeclared(library.indexFile, folderRows(FOLDER_FIELDS), textIds);
    try {
      expect(await catalog.inspect()).toMatchObject({ samples: 2 });
      expect(await catalog.idKind()).toBe('integer');
      const rows = await catalog.readPage({ after: null, limit: 10 });
      expect(rows.map(({ title, genre }) => [title, genre])).toEqual(
        expect.arrayContaining([
          ['Hard Kick 01', 'Techno'],
          ['Hard Kick 02', null],
        ]),
      );
      library.add('Kicks/Hard Kick 03.wav');
      rmSync(join(library.root, 'Kicks/Hard Kick 01.wav'));
      await library.scan();
      expect(await catalog.count()).toBe(2);
      expect((await catalog.whichExist(rows.map(({ id }) => id))).size).toBe(1);
    } finally {
      await catalog.close();
      await textIds.close();
    }
  });
});
