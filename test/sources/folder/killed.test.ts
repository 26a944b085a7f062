import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../../src/sqlite.js';
import { Library } from './library.js';

const compiled = resolve('dist/sources/folder/index.js');

let library: Library;
beforeEach(() => {
  library = new Library();
});
afterEach(() => library.remove());

/** A scan in a process of its own, which says how many files it has read. */
const child = () =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { bringUpToDate } from ${JSON.stringify(compiled)};
       const [root, indexFile] = process.argv.slice(1);
       await bringUpToDate({ roots: [root], indexFile,
         onProgress: ({ phase, done }) => console.log(phase, done ?? '') });
       console.log('ended');`,
      library.root,
      library.indexFile,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );

const rowsNow = () => {
  const index = new Database(library.indexFile, { readonly: true });
  const rows = Number(index.prepare('select count(*) from files').pluck().get());
  const finished = index.prepare('select finished from state').pluck().get();
  index.close();
  return { rows, finished };
};

describe('a scan', () => {
  it('that is killed leaves what it had done, and the next one does the rest', async () => {
    for (let at = 0; at < 6000; at++) library.add(`Pack ${at % 10}/${at}.wav`);
    const process = child();
    let said = '';
    for await (const text of process.stdout) {
      said += text;
      if (Number(/reading (\d+)\n$/.exec(said)?.[1] ?? 0) >= 2000) break;
    }
    process.kill('SIGKILL');
    if (process.exitCode === null && process.signalCode === null) await once(process, 'exit');
    const { rows, finished } = rowsNow();
    expect(rows).toBeGreaterThanOrEqual(1000);
    expect(rows).toBeLessThan(6000);
    expect(finished).toBeNull();
    const before = library.ids();
    expect(await library.scan()).toMatchObject({ unchanged: rows, added: 6000 - rows, samples: 6000 });
    expect(library.ids()).toMatchObject(before);
    expect(rowsNow().finished).not.toBeNull();
  });

  it('that is aborted does so too', async () => {
    for (let at = 0; at < 3000; at++) library.add(`Pack ${at % 3}/${at}.wav`);
    const controller = new AbortController();
    const scan = library.scan({
      signal: controller.signal,
      onProgress: (progress) => progress.phase === 'reading' && progress.done > 1000 && controller.abort(),
    });
    await expect(scan).rejects.toMatchObject({ name: 'AbortError' });
    const { rows } = rowsNow();
    expect(rows).toBeGreaterThan(1000);
    expect(rows).toBeLessThan(3000);
    expect(await library.scan()).toMatchObject({ unchanged: rows, samples: 3000 });
  });

  it('waits for another one of the same index', async () => {
    for (let at = 0; at < 3000; at++) library.add(`${at}.wav`);
    const first = child();
    await once(first.stdout, 'data');
    const phases: string[] = [];
    const summary = await library.scan({ onProgress: ({ phase }) => phases.push(phase) });
    expect(phases).toContain('waiting');
    expect(summary).toMatchObject({ samples: 3000, unchanged: 3000, added: 0 });
    expect(first.exitCode ?? (await once(first, 'exit'))[0]).toBe(0);
  });

  it('may begin together with others, also where there is no index yet', async () => {
    for (let at = 0; at < 200; at++) library.add(`${at}.wav`);
    const others = [child(), child()];
    const ends = others.map((other) => once(other, 'exit'));
    const summary = await library.scan();
    expect(summary.samples).toBe(200);
    expect((await Promise.all(ends)).map(([code]) => code)).toEqual([0, 0]);
    expect(new Set(Object.values(library.ids())).size).toBe(200);
  });

  it('can be stopped while it waits', async () => {
    library.add('a.wav');
    await library.scan();
    const lock = new Database(`${library.indexFile}.lock`);
    lock.exec('begin exclusive');
    try {
      await expect(library.scan({ signal: AbortSignal.timeout(300) })).rejects.toThrow();
    } finally {
      lock.close();
    }
  });
});

describe('an index', () => {
  const refused = (kind: string, message: string) =>
    expect(library.scan()).rejects.toMatchObject({ kind, message: expect.stringContaining(message) });

  it('that is damaged is told with the cure, and made anew it has the same ids', async () => {
    for (let at = 0; at < 50; at++) library.add(`${at}.wav`);
    await library.scan();
    const before = library.ids();
    const file = openSync(library.indexFile, 'r+');
    writeSync(file, Buffer.alloc(20_000, 7), 0, 20_000, 4096);
    await refused('blocked', `The folder index ${library.indexFile} is damaged`);
    writeFileSync(library.indexFile, 'this is no database, but long enough to be looked at'.repeat(100));
    await refused('blocked', 'delete it, with its -wal and -shm; the folder is then read again');
    rmSync(library.indexFile);
    await library.scan();
    expect(library.ids()).toEqual(before);
  });

  it('is not made of another database', async () => {
    mkdirSync(dirname(library.indexFile));
    const other = new Database(library.indexFile);
    other.exec('create table samples (id integer primary key)');
    other.close();
    const before = readFileSync(library.indexFile);
    await refused('usage', 'is no index of a folder of samples but another database');
    expect(readFileSync(library.indexFile).equals(before)).toBe(true);
  });

  it('of a newer version is left alone; of an older one its files are read again, and keep their ids', async () => {
    library.add('a.wav');
    await library.scan();
    const before = library.ids();
    const index = new Database(library.indexFile);
    index.exec('update entries set reader = reader - 1');
    index.close();
    expect(await library.scan()).toMatchObject({ changed: 1, unchanged: 0 });
    expect(library.ids()).toEqual(before);
    const older = new Database(library.indexFile);
    older.pragma('user_version = 0');
    older.exec('alter table files drop column origins');
    older.close();
    expect(await library.scan()).toMatchObject({ added: 1 });
    expect(library.ids()).toEqual(before);
    const newer = new Database(library.indexFile);
    newer.pragma('user_version = 999');
    newer.close();
    await refused('usage', 'was written by a newer version: update sample-embeddings, or delete the file');
  });

  it('that cannot be written is told', async () => {
    library.add('a.wav');
    mkdirSync(library.indexFile, { recursive: true });
    await refused('blocked', 'cannot be written');
    rmSync(dirname(library.indexFile), { recursive: true });
    writeFileSync(dirname(library.indexFile), '');
    await refused('blocked', 'let this user write into its folder, or set another path');
  });

  it('is closed to other users', async () => {
    library.add('a.wav');
    await library.scan();
    expect(statSync(library.indexFile).mode & 0o077).toBe(0);
  });
});
