import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nameOf } from '../../src/commands/init/declare-table.js';
import { suggestText } from '../../src/commands/init/text-lines.js';
import { Database } from '../../src/sqlite.js';
import { runCli, temporaryFolder } from '../support/cli.js';

vi.setConfig({ testTimeout: 60_000 });

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
  const db = new Database(join(folder.path, 'sounds.db'));
  db.exec(`
    create table "My Sounds" (uuid text primary key, file_name text, pack text, bpm real, "odd {name}" text,
      keywords text, created_at text, size integer);
    insert into "My Sounds" values ('a', 'Kick 01', 'Dusty', 92.5, 'x', '["dry"]', '2026', 3), ('b', 'Hat', null, 0, '', null, '', 4);
    create table notes (text text);
  `);
  db.close();
});
afterEach(() => folder.remove());

const run = (args: string[], env: Record<string, string> = {}) =>
  runCli(folder.path, args, { DATABASE_URL: 'sounds.db', ...env });
const config = () => readFileSync(join(folder.path, 'embeddings.config.yaml'), 'utf8');

describe('init --table', () => {
  it('writes a file that works as it is, and shows what would be embedded', async () => {
    const answer = await run(['init', '--table', 'My Sounds', '--json']);
    expect(answer.stderr).toContain('Written: ');
    expect(JSON.parse(answer.stdout)).toMatchObject({
      collection: 'my-sounds',
      samples: 2,
      texts: [
        { id: 'a', text: 'File name: Kick 01\nPack: Dusty\nBPM: 92\nOdd name: x\nKeywords: dry' },
        { id: 'b', text: 'File name: Hat\nBPM: 0' },
      ],
    });
    expect(config()).toContain('# Not used: created_at, size\n');
    const dry = await run(['--dry-run', '--all', '--json'], { OPENROUTER_BASE_URL: 'http://127.0.0.1:9/v1' });
    expect(JSON.parse(dry.stdout)).toMatchObject({ total_samples: 2, to_embed: 2 });
  });

  it('adds to a file, whose comments stay; a name that is taken is refused', async () => {
    const file = join(folder.path, 'embeddings.config.yaml');
    writeFileSync(
      file,
      'collections:\n  # the first one\n  samples:\n    source: { url: other.db }\n    store: { url: "file:one.db" }\n',
    );
    const answer = await run(['init', '--table', 'My Sounds', '--collection', 'kicks']);
    expect(answer).toMatchObject({ code: 0, stdout: expect.stringContaining('--collection kicks') });
    expect(config()).toContain('  # the first one\n  samples:');
    expect(config()).toContain('url: file:kicks.embeddings.db');
    const again = await run(['init', '--table', 'My Sounds', '--collection', 'kicks']);
    expect(again).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('declares a collection kicks already'),
    });
  });

  it('writes nothing where ids are missing, and its cure works', async () => {
    const db = new Database(join(folder.path, 'sounds.db'));
    db.exec(`create table odd (id integer, title text); insert into odd values (1, 'Kick'), (null, 'n');`);
    const answer = await run(['init', '--table', 'odd']);
    expect(answer).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'or exclude such rows with a SELECT. Nothing was written: for a SELECT, create a view of it with a column id, ' +
          'then embeddings init --table VIEW; or write source.select into embeddings.config.yaml',
      ),
    });
    expect(answer.stdout + answer.stderr).not.toContain('Written');
    expect(existsSync(join(folder.path, 'embeddings.config.yaml'))).toBe(false);
    db.exec('create view usable as select * from odd where id is not null');
    db.close();
    const cured = await run(['init', '--table', 'usable']);
    expect(cured).toMatchObject({ code: 0, stdout: expect.stringContaining('1\n  Title: Kick') });
  });

  it('refuses a table that is not there, and one that has no key', async () => {
    expect((await run(['init', '--table', 'my sound'])).stderr).toContain('did you mean My Sounds?');
    expect((await run(['init', '--table', 'notes'])).stderr).toContain('no primary key');
  });
});

it.each([
  ['public.Sample_Sounds', 'sample-sounds'],
  ['2nd', 'nd'],
  ['音', 'collection'],
  [`a${'-b'.repeat(40)}`, `a${'-b'.repeat(19)}`],
])('a table %s is the collection %s', (table, name) => {
  expect(nameOf(table)).toBe(name);
});

it('lists, JSON and numbers get their filters, and columns for programs are left out', () => {
  const column = (name: string, type: string, array = false) => ({ name, type, array });
  const columns = [
    column('id', 'bigint'),
    column('pack_id', 'bigint'),
    column('moods', 'text[]', true),
    column('analysis', 'jsonb'),
    column('energyLevel', 'double precision'),
    column('tempo', 'numeric'),
    column('title', 'character varying'),
    column('added_on', 'date'),
    column('favourite', 'boolean'),
    column('wave', 'bytea'),
  ];
  expect(suggestText({ name: 'sounds', columns, key: 'id' })).toEqual({
    lines: [
      'Title: {title}',
      'Moods: {moods | join(", ")}',
      'Analysis: {analysis | join(", ")}',
      'Energy level: {energyLevel | round(2)}',
      'Tempo: {tempo | round}',
    ],
    fields: ['title', 'moods', 'analysis', 'energyLevel', 'tempo'],
    left: ['id', 'pack_id', 'added_on', 'favourite', 'wave'],
  });
});
