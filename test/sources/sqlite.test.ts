import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalog } from '../../src/sources/index.js';
import { Database } from '../../src/sqlite.js';
import { SCHEMA } from './sites.js';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sample-embeddings-sqlite-'));
  path = join(directory, 'catalog.db');
});
afterEach(() => {
  chmodSync(directory, 0o755);
  rmSync(directory, { recursive: true });
});

const make = (...statements: string[]) => {
  const db = new Database(path);
  for (const statement of [...SCHEMA, ...statements]) db.exec(statement);
  return db;
};

/** Runs as a user that may not write what root owns; as anybody else file modes do that already. */
async function unprivileged<T>(run: () => Promise<T>): Promise<T> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    return await run();
  } finally {
    if (root) process.seteuid?.(0);
  }
}

describe('a SQLite catalog', () => {
  it('leaves turns to heartbeats while all of a large table is looked through', async () => {
    const samples = 1_000_000;
    const db = make();
    db.exec(
      `with recursive ids (id) as (select 1 union all select id + 1 from ids where id < ${samples})
        insert into samples (id, title, genre) select id, 'Loop ' || id, 'house' from ids`,
    );
    db.close();
    const catalog = await openCatalog(path);
    let beats = 0;
    const heart = setInterval(() => beats++, 1);
    const beatsDuring = async (work: () => Promise<unknown>): Promise<number> => {
      const before = beats;
      await work();
      return beats - before;
    };
    expect(await beatsDuring(() => catalog.survey())).toBeGreaterThan(2);
    expect(await beatsDuring(async () => expect(await catalog.count()).toBe(samples))).toBeGreaterThan(0);
    expect(
      await beatsDuring(async () => expect((await catalog.inspect()).samples).toBe(samples)),
    ).toBeGreaterThan(0);
    clearInterval(heart);
    await catalog.close();
  });

  it('must be there already: nothing is created', async () => {
    await expect(openCatalog(path)).rejects.toMatchObject({
      kind: 'usage',
      message: `DATABASE_URL: no SQLite database at ${path}, and no folder: connect its disk, or correct the path`,
    });
    await expect(openCatalog(directory)).rejects.toMatchObject({ kind: 'usage' });
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each([
    ['splice', 'create table samples (id integer primary key, local_path text, audio_key text)'],
    [
      'mixxx',
      'create table library (location, mixxx_deleted); create table track_locations (location, filename)',
    ],
    ['beets', 'create table items (id integer primary key, path blob, album_id integer, title text)'],
  ])('that is the library of %s is told how it gets in', async (program, schema) => {
    const db = new Database(path);
    db.exec(schema);
    db.close();
    const catalog = await openCatalog(path);
    await expect(catalog.inspect()).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(`embeddings init --from ${program} --path '${path}'`),
    });
    await catalog.close();
  });

  it.each([
    ['rows.CSV', /: its rows are taken in by embeddings init --from csv '.*rows\.CSV'$/],
    ['rows.jsonl', /: its rows are taken in by embeddings init --from jsonl '.*rows\.jsonl'$/],
    ['collection.xml', /embeddings init --from rekordbox '.*collection\.xml'$/],
    ['kick.wav', /: it is an audio file, so name the folder that it is in$/],
    ['library', /: name another, or decrypt it$/],
  ])('is told of a file %s how it gets in', async (name, cure) => {
    const file = join(directory, name);
    writeFileSync(file, 'id,title\n1,One\n'.repeat(500));
    const catalog = await openCatalog(file);
    await expect(catalog.inspect()).rejects.toThrow(cure);
    await catalog.close();
  });

  it('must be a SQLite file', async () => {
    writeFileSync(path, 'id,title\n1,One\n'.repeat(500));
    const catalog = await openCatalog(path);
    await expect(catalog.inspect()).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(`DATABASE_URL: the file at ${path} is not a SQLite database`),
    });
    await catalog.close();
  });

  it('says that a file with broken pages is damaged', async () => {
    const db = make();
    db.exec(
      `with recursive n(id) as (select 1 union all select id + 1 from n where id < 2000)
       insert into samples (id, title) select id, hex(zeroblob(50)) from n`,
    );
    db.close();
    const bytes = readFileSync(path);
    bytes.fill(0xee, 8192, bytes.length - 4096);
    writeFileSync(path, bytes);
    const catalog = await openCatalog(path);
    await expect(catalog.readPage({ after: null, limit: 5000 })).rejects.toMatchObject({
      kind: 'blocked',
      message: expect.stringContaining(`The SQLite catalog at ${path} is damaged`),
    });
    await catalog.close();
  });

  it('waits for a lock without blocking the process', async () => {
    const writer = make(`insert into samples (id, title) values (1, 'One')`);
    const catalog = await openCatalog(path);
    await catalog.inspect();
    writer.exec('begin exclusive');
    let ticks = 0;
    const clock = setInterval(() => ticks++, 20);
    const reading = catalog.readIds([1]);
    await sleep(700);
    writer.exec('commit');
    expect(await reading).toMatchObject([{ id: 1 }]);
    clearInterval(clock);
    expect(ticks).toBeGreaterThan(4);
    await catalog.close();
    writer.close();
  });

  it('gives up on a lock after 5 s with an error that may pass', async () => {
    const writer = make();
    const catalog = await openCatalog(path);
    writer.exec('begin exclusive');
    const error = await catalog.readIds([1]).catch((e) => e);
    expect(error).toMatchObject({ name: 'Error', message: expect.stringContaining('locked for 5 s') });
    writer.exec('rollback');
    expect(await catalog.readIds([1])).toEqual([]);
    await catalog.close();
    writer.close();
  }, 15_000);

  it('reads on while a WAL database is written to', async () => {
    const writer = make(`insert into samples (id, title) values (1, 'One')`);
    writer.pragma('journal_mode = WAL');
    const catalog = await openCatalog(path);
    writer.exec(`begin immediate; insert into samples (id, title) values (2, 'Two')`);
    expect((await catalog.inspect()).samples).toBe(1);
    writer.exec('commit');
    expect(await catalog.count()).toBe(2);
    await catalog.close();
    writer.close();
  });

  it('reads a WAL database that is in use although it may not write there', async () => {
    const writer = make(`insert into samples (id, title) values (1, 'One')`);
    writer.pragma('journal_mode = WAL');
    writer.exec(`insert into samples (id, title) values (2, 'Two')`);
    for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o444);
    chmodSync(directory, 0o555);
    await unprivileged(async () => {
      const catalog = await openCatalog(path);
      expect((await catalog.inspect()).samples).toBe(2);
      await catalog.close();
    });
    writer.close();
  });

  it('names the cure for an idle WAL database in a directory that it may not write', async () => {
    const writer = make(`insert into samples (id, title) values (1, 'One')`);
    writer.pragma('journal_mode = WAL');
    writer.close();
    chmodSync(path, 0o444);
    chmodSync(directory, 0o555);
    await unprivileged(async () => {
      const catalog = await openCatalog(path);
      await expect(catalog.inspect()).rejects.toMatchObject({
        kind: 'usage',
        message: expect.stringContaining('WAL mode and its directory is read-only'),
      });
      await catalog.close();
    });
  });

  it('takes blobs, broken UTF-8, real numbers and unknown words in any column', async () => {
    const writer = make(
      `insert into samples (id, title, genre, bpm, tags) values
         (1, x'ff00fe', cast(x'ff41' as text), 'fast', x'7b'), (2, 3.5, 7, 9007199254740993, '{bad'), (3, 'a' || char(0) || 'b', '', 1e999, null)`,
      `insert into vibe_analyses (id, sample_id, mood_primary, energy_level) values (1, 1, x'00', 'high')`,
    );
    writer.close();
    const catalog = await openCatalog(path);
    const page = await catalog.readPage({ after: null, limit: 10 });
    expect(page.map((row) => row.id)).toEqual([1, 2, 3]);
    expect(page[0]).toMatchObject({ genre: '\ufffdA', bpm: 'fast', energy_level: 'high' });
    expect(page[2]).toMatchObject({ title: 'a\0b', bpm: Number.POSITIVE_INFINITY });
    await catalog.close();
  });

  it('takes names in any case, as SQLite does', async () => {
    const db = new Database(path);
    db.exec('create table Samples (ID integer primary key, Title text, GENRE text)');
    db.exec('create table Vibe_Analyses (Id integer primary key, Sample_Id integer, Mood_Primary text)');
    db.exec(
      `insert into Samples values (1, 'One', 'house'); insert into Vibe_Analyses values (1, 1, 'dark')`,
    );
    db.close();
    const catalog = await openCatalog(path);
    await catalog.inspect();
    expect(await catalog.readIds([1])).toEqual([
      { id: 1, title: 'One', genre: 'house', mood_primary: 'dark' },
    ]);
    await catalog.close();
  });
});
