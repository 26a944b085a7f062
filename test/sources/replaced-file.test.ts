import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Catalog, openCatalog } from '../../src/sources/index.js';
import { Database, SQLITE_PACKAGE } from '../../src/sqlite.js';
import { SCHEMA } from './sites.js';

let directory: string;
let path: string;
let catalog: Catalog;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sample-embeddings-replaced-'));
  path = library('catalog.db', 100, 'old');
  catalog = await openCatalog(path);
  await catalog.inspect();
  expect(await titles()).toEqual(['old 1']);
});
afterEach(async () => {
  await catalog.close();
  rmSync(directory, { recursive: true });
});

/** A library of its own, made in as many transactions as any other. */
function library(name: string, samples: number, mark: string, schema: string[] = SCHEMA): string {
  const file = join(directory, name);
  const db = new Database(file);
  for (const statement of schema) db.exec(statement);
  db.exec(
    `with recursive n(id) as (select 1 union all select id + 1 from n where id < ${samples})
     insert into samples (id, title) select id, '${mark} ' || id from n`,
  );
  db.close();
  return file;
}
const titles = async () => (await catalog.readIds([1])).map((row) => row.title);
const everything = async () => ({
  count: await catalog.count(),
  page: (await catalog.readPage({ after: null, limit: 1000 })).length,
  there: (await catalog.whichExist([1, 150])).size,
  title: (await titles())[0],
});
const NEW = { count: 200, page: 200, there: 2, title: 'new 1' };

describe('a SQLite catalog that others replace', () => {
  it('by rename is read from the new file', async () => {
    renameSync(library('new.db', 200, 'new'), path);
    expect(await everything()).toEqual(NEW);
    renameSync(library('again.db', 100, 'third'), path);
    expect(await titles()).toEqual(['third 1']);
  });

  it('by a copy over it is read anew, also where both files count as many commits', async () => {
    copyFileSync(library('new.db', 200, 'new'), path);
    expect(await everything()).toEqual(NEW);
  });

  it('by one with other columns is read with those', async () => {
    const more = SCHEMA.map((statement) =>
      statement.replace('file_path varchar', 'file_path varchar, more text'),
    );
    renameSync(library('new.db', 200, 'new', more), path);
    expect(await everything()).toEqual(NEW);
    const fewer = ['create table samples (id integer primary key, title text)'];
    renameSync(library('less.db', 5, 'less', fewer), path);
    await expect(titles()).rejects.toMatchObject({
      kind: 'blocked',
      message: expect.stringMatching(/has lost .*vibe_analyses during a run/),
    });
    // Whoever goes on then means it.
    expect(await titles()).toEqual(['less 1']);
  });

  it('while it is read by many at once gives each of them one file or the other, never a part', async () => {
    const reads = Array.from({ length: 200 }, async (_, at) => {
      await sleep(at);
      return (await catalog.readPage({ after: null, limit: 1000 })).map(
        (row) => String(row.title).split(' ')[0],
      );
    });
    for (let n = 0; n < 10; n++) {
      await sleep(15);
      renameSync(library(`new-${n}.db`, n % 2 === 0 ? 200 : 100, n % 2 === 0 ? 'new' : 'old'), path);
    }
    for (const words of await Promise.all(reads)) {
      expect(new Set(words).size).toBe(1);
      expect(words).toHaveLength(words[0] === 'new' ? 200 : 100);
    }
  });

  it('by one that comes after a moment is waited for', async () => {
    const next = library('new.db', 200, 'new');
    unlinkSync(path);
    const reading = everything();
    await sleep(300);
    renameSync(next, path);
    expect(await reading).toEqual(NEW);
  });

  it('by nothing is a Fault that names the cure, and is read once it is back', async () => {
    const aside = join(directory, 'aside.db');
    renameSync(path, aside);
    await expect(catalog.whichExist([1])).rejects.toMatchObject({
      kind: 'blocked',
      message: `The SQLite catalog at ${path} is not there any more: put it back, then go on with embeddings resume`,
    });
    // A server's later requests do not wait each.
    const again = catalog.whichExist([1]).catch(() => 'refused');
    expect(await Promise.race([again, sleep(4000).then(() => 'waits')])).toBe('refused');
    renameSync(aside, path);
    expect(await titles()).toEqual(['old 1']);
  }, 20_000);

  it('piece by piece is not read before all of it is there', async () => {
    const whole = readFileSync(library('new.db', 200, 'new'));
    truncateSync(path, 0);
    const reading = everything();
    for (let at = 0; at < whole.length; at += 4096) {
      writeFileSync(path, whole.subarray(at, at + 4096), { flag: 'a' });
      await sleep(100);
    }
    expect(await reading).toEqual(NEW);
  }, 20_000);

  it('cut short is damaged, once it stands still', async () => {
    truncateSync(path, 4096);
    await expect(catalog.readPage({ after: null, limit: 1000 })).rejects.toMatchObject({
      kind: 'blocked',
      message: expect.stringContaining('is damaged'),
    });
  }, 20_000);
});

it('a catalog that SQLite itself writes to is read on, each commit at once', async () => {
  const writer = new Database(path);
  for (let id = 101; id <= 150; id++) {
    writer.prepare('insert into samples (id, title) values (?, ?)').run(id, `old ${id}`);
    expect(await catalog.count()).toBe(id);
  }
  writer.close();
});

it('a hot journal is named with its cure, and what was half written is not read', async () => {
  const child = `
    const db = new (require('${SQLITE_PACKAGE}'))(${JSON.stringify(path)});
    db.pragma('journal_mode = delete'); db.pragma('cache_size = 1'); db.exec('begin');
    db.exec("update samples set title = 'half ' || hex(zeroblob(2000))");
    process.kill(process.pid, 'SIGKILL');`;
  spawnSync(process.execPath, ['-e', child], { cwd: process.cwd() });
  await expect(titles()).rejects.toMatchObject({
    kind: 'blocked',
    message: expect.stringMatching(/has a hot journal .* rolled back .* sqlite3 .* \.schema/),
  });
  new Database(path).prepare('select count(*) from samples').get();
  expect(await titles()).toEqual(['old 1']);
});
