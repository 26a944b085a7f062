import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { readWhere } from '../../../src/search/where.js';
import { Database } from '../../../src/sqlite.js';
import { openTextIds, using } from '../../sources/declared-sites.js';
import { runCli, temporaryFolder } from '../../support/cli.js';
import { insert, makeSplice, SPLICE_ROWS } from './splice.js';

vi.setConfig({ testTimeout: 120_000 });

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, '.config/com.splice.Splice/users/default/ada/sounds.db');
  makeSplice(path);
});
afterEach(() => folder.remove());

const run = (args: string[]) =>
  runCli(folder.path, args, { HOME: folder.path, OPENROUTER_BASE_URL: 'http://127.0.0.1:9/v1' });
const config = () => readFileSync(join(folder.path, 'embeddings.config.yaml'), 'utf8');

const LOOP = [
  'Title: SO DB 92 drum loop dusty Cmin',
  'Pack: Dusty Breaks',
  'Label: Sounds of Ada',
  'Genre: hip hop',
  'BPM: 92',
  'Key: C#m',
  'Scale: minor',
  'Type: loop',
  'Tags: drums, breaks, dusty',
].join('\n');
const KICK =
  'Title: Kick Hard 01\nPack: Dusty Breaks\nLabel: Sounds of Ada\nGenre: Hip Hop\nType: one-shot\nTags: kicks';
const BASS = 'Title: bass Bb\nKey: Bb\nScale: major';

describe('init --from splice', () => {
  it('finds the library, reads what is downloaded, and writes nothing into it', async () => {
    const before = readFileSync(path);
    const answer = await run(['init', '--from', 'splice', '--json']);
    expect(answer.stderr).toContain(`Library of Splice: ${path}`);
    expect(JSON.parse(answer.stdout)).toMatchObject({
      collection: 'splice',
      samples: 3,
      texts: [
        { id: 'a1'.repeat(32), text: LOOP },
        { id: 'b2'.repeat(32), text: KICK },
        { id: 'f6'.repeat(32), text: BASS },
      ],
    });
    expect(config()).toContain("# id: the hash of the sample's file, as Splice stores it.");
    const dry = await run(['--dry-run', '--all', '--json']);
    expect(JSON.parse(dry.stdout)).toMatchObject({ total_samples: 3, to_embed: 3 });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('keeps the id of a sample that was moved, and of a library that the app built anew', async () => {
    await run(['init', '--from', 'splice']);
    const moved = join(folder.path, 'moved.db');
    makeSplice(moved, [
      ...SPLICE_ROWS.slice(1).reverse(),
      { ...SPLICE_ROWS[0], local_path: '/Volumes/Other/a.wav', filename: 'a.wav' },
    ]);
    const again = await run([
      'init',
      '--from',
      'splice',
      '--path',
      'moved.db',
      '--collection',
      'moved',
      '--json',
    ]);
    const ids = (JSON.parse(again.stdout) as { texts: { id: string }[] }).texts.map(({ id }) => id);
    expect(ids).toContain('a1'.repeat(32));
    expect(ids).toContain('b2'.repeat(32));
  });

  it.each([
    ['UNIQUE INDEX', 'a1'.repeat(32)],
    ['INDEX', 'a1'.repeat(32)],
    [null, 1],
  ] as const)(
    'takes ids that a large library can be read by, where the hashes have %s',
    async (index, id) => {
      const rows = SPLICE_ROWS.filter(({ filename }) => filename !== 'copy.wav');
      for (let n = 0; n < 11_000; n++)
        rows.push({ local_path: `/s/${n}.wav`, filename: `${n}.wav`, file_hash: `f7${n}`, audio_key: 'd' });
      makeSplice(join(folder.path, 'large.db'), rows, index);
      const answer = await run(['init', '--from', 'splice', 'large.db', '--json']);
      const { samples, texts } = JSON.parse(answer.stdout) as { samples: number; texts: { id: unknown }[] };
      expect(samples).toBe(11_003);
      expect(texts[0]?.id).toBe(id);
    },
  );

  it('takes the numbers of rows where a sample has no hash', async () => {
    const bare = { ...SPLICE_ROWS[1], file_hash: null };
    makeSplice(join(folder.path, 'bare.db'), [...SPLICE_ROWS, bare]);
    const answer = await run(['init', '--from', 'splice', 'bare.db', '--json']);
    expect(JSON.parse(answer.stdout)).toMatchObject({
      samples: 5,
      texts: [{ id: 1, text: LOOP }, { id: 2 }, { id: 3 }, { id: 5 }, { id: 6 }],
    });
    expect(config()).toContain('# id: the number of the row, which stays the same when the file is moved.');
  });

  it('takes one of packs with the same uuid, and no tempo below zero', async () => {
    const other = join(folder.path, 'other.db');
    makeSplice(other, [{ ...SPLICE_ROWS[0], bpm: -1 }]);
    const db = new Database(other);
    db.exec(`ALTER TABLE packs RENAME TO old; CREATE TABLE packs AS SELECT * FROM old; DROP TABLE old;
      INSERT INTO packs (id, uuid, name) VALUES (9, 'pack-1', 'Dusty Breaks again')`);
    db.close();
    const answer = await run(['init', '--from', 'splice', other, '--json']);
    expect(JSON.parse(answer.stdout)).toMatchObject({
      samples: 1,
      texts: [{ id: 'a1'.repeat(32), text: LOOP.replace('BPM: 92\n', '') }],
    });
  });

  it('has columns to filter by', async () => {
    await run(['init', '--from', 'splice']);
    const { source, filters, file } = (
      parse(config()) as {
        collections: { splice: { source: { url: string; select: string }; filters: string[]; file: string } };
      }
    ).collections.splice;
    expect(file).toBe('path');
    const textIds = await openTextIds();
    const rows = { id: 'id', select: source.select, fields: filters };
    const found = (...where: string[]) =>
      using(source.url, rows, textIds, async (catalog) => {
        const ids = (await catalog.readPage({ after: null, limit: 10 })).map(({ id, textId }) => [
          id,
          textId,
        ]);
        const kept = await catalog.findIds({ where: where.map(readWhere) });
        return ids
          .filter(([id]) => kept.includes(id as number))
          .map(([, textId]) => String(textId).slice(0, 2));
      });
    expect(await found('musical_key=c#m')).toEqual(['a1']);
    expect(await found('bpm=90-95', 'scale=minor')).toEqual(['a1']);
    expect(await found('kind=one-shot')).toEqual(['b2']);
    expect(await found('pack=dusty breaks')).toEqual(['a1', 'b2']);
    await textIds.close();
  });

  it('names the libraries of several accounts, and says where it looked where there is none', async () => {
    makeSplice(join(folder.path, ".config/com.splice.Splice/users/default/o'hara/sounds.db"));
    const several = await run(['init', '--from', 'splice']);
    expect(several.code).toBe(2);
    expect(several.stderr).toContain(`--path ${path}\n`);
    expect(several.stderr).toContain("o'\\''hara/sounds.db'");
    const chosen = await run(['init', '--from', 'splice', '.config/com.splice.Splice/users/default/ada']);
    expect(chosen.code).toBe(0);
    const none = await run(['init', '--from', 'mixxx']);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('.mixxx/mixxxdb.sqlite') });
    expect(none.stderr).toContain('name its mixxxdb.sqlite with --path');
  });

  it('works while the app has it open and writes', async () => {
    const app = new Database(path);
    app.pragma('journal_mode = WAL');
    // So far in the log alone, and a write that is not committed yet.
    insert(app, { ...SPLICE_ROWS[1], file_hash: 'd4'.repeat(32), filename: 'new.wav' });
    app.exec('BEGIN IMMEDIATE');
    insert(app, { ...SPLICE_ROWS[1], file_hash: 'e5'.repeat(32), filename: 'newer.wav' });
    const answer = await run(['init', '--from', 'splice', '--json']);
    expect(JSON.parse(answer.stdout)).toMatchObject({ samples: 4 });
    app.exec('COMMIT');
    const dry = await run(['--dry-run', '--all', '--json']);
    expect(JSON.parse(dry.stdout)).toMatchObject({ total_samples: 5 });
    app.close();
  });

  it('says of another database which program it is of', async () => {
    const other = join(folder.path, 'mine.db');
    const db = new Database(other);
    db.exec('create table sounds (id integer primary key)');
    db.close();
    const answer = await run(['init', '--from', 'splice', '--path', 'mine.db']);
    expect(answer.code).toBe(2);
    expect(answer.stderr).toMatch(/is no library of Splice; it has the tables sounds\. .*init --table NAME/);
    const wrong = await run(['init', '--from', 'beets', '--path', path]);
    expect(wrong.stderr).toContain('it is one of Splice: embeddings init --from splice');
    const missing = await run(['init', '--from', 'splice', '--path', 'nowhere.db']);
    expect(missing.stderr).toMatch(/there is no file .*nowhere\.db/);
  });
});
