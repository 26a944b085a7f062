import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Database } from '../../../src/sqlite.js';
import { runCli, temporaryFolder } from '../../support/cli.js';
import { makeBeets } from './beets.js';
import { makeMixxx } from './mixxx.js';

vi.setConfig({ testTimeout: 120_000 });

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const run = (args: string[], env: Record<string, string> = {}) =>
  runCli(folder.path, args, { HOME: folder.path, OPENROUTER_BASE_URL: 'http://127.0.0.1:9/v1', ...env });
const at = (...parts: string[]): string => {
  const path = join(folder.path, ...parts);
  mkdirSync(join(path, '..'), { recursive: true });
  return path;
};
const textsOf = (answer: { stdout: string }) =>
  (JSON.parse(answer.stdout) as { texts: { id: number; text: string }[] }).texts;

describe('init --from mixxx', () => {
  it('reads the tracks that Mixxx shows, with the keys and crates that it knows', async () => {
    const path = at('.mixxx/mixxxdb.sqlite');
    makeMixxx(path);
    const before = readFileSync(path);
    const answer = await run(['init', '--from', 'mixxx', '--json']);
    expect(textsOf(answer)).toEqual([
      {
        id: 21,
        text: 'Title: Night\nArtist: Ada\nAlbum: First\nGenre: Deep House\nBPM: 122\nKey: Am\nScale: minor\nGrouping: Warm-up\nCrates: Openers, Sunset; late\nComment: warm pads',
      },
      { id: 22, text: 'Title: shaker 120' },
    ]);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('works while Mixxx has it open and writes', async () => {
    const path = at('.mixxx/mixxxdb.sqlite');
    makeMixxx(path);
    const mixxx = new Database(path);
    mixxx.exec("BEGIN IMMEDIATE; UPDATE library SET title = 'Day' WHERE id = 21");
    const answer = await run(['init', '--from', 'mixxx', '--json']);
    expect(textsOf(answer)[0]?.text).toContain('Title: Night\n');
    mixxx.exec('COMMIT');
    mixxx.close();
    const explained = await run(['explain', '21', '--json']);
    expect(explained.stdout).toContain('Title: Day');
  });
});

describe('init --from beets', () => {
  it('finds the library that config.yaml names, with several genres and flexible attributes', async () => {
    writeFileSync(at('.config/beets/config.yaml'), 'directory: ~/Music\nlibrary: ~/data/music.blb\n');
    const path = at('data/music.blb');
    makeBeets(path, { isNew: true });
    const before = readFileSync(path);
    const answer = await run(['init', '--from', 'beets', '--json']);
    expect(textsOf(answer)).toEqual([
      {
        id: 3,
        text: 'Title: Night\nArtist: Ada\nAlbum: First\nGenre: Deep House, Ambient\nBPM: 122\nKey: Am\nAda s tags: late, warm\nMood: melancholic',
      },
      { id: 5, text: 'Title: caf\uFFFD loop\nMood aggressive: 0.02\nComments: from a tape' },
    ]);
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readFileSync(at('embeddings.config.yaml'), 'utf8')).toContain('# Not used: data_source, ');
  });

  it('says that paths below its directory need SAMPLES_ROOT', async () => {
    const path = at('library.db');
    makeBeets(path, { isNew: true });
    const whole = await run(['init', '--from', 'beets', path, '--collection', 'whole']);
    expect(whole.stdout).not.toContain('set SAMPLES_ROOT');
    const db = new Database(path);
    db.prepare('UPDATE items SET path = ? WHERE id = 3').run(Buffer.from('Ada/01 Night.flac'));
    db.close();
    const answer = await run(['init', '--from', 'beets', path]);
    const advice = "The paths are relative to beets' directory: set SAMPLES_ROOT to it";
    expect(answer).toMatchObject({ code: 0, stdout: expect.stringContaining(advice) });
    expect(readFileSync(at('embeddings.config.yaml'), 'utf8')).toContain(`# ${advice}`);
  });

  it('finds library.db beside the settings, and reads what older versions write', async () => {
    makeBeets(at('elsewhere/library.db'), { isNew: false });
    const answer = await run(['init', '--from', 'beets', '--json'], { BEETSDIR: at('elsewhere') });
    expect(textsOf(answer)[0]?.text).toContain('Genre: Deep House\n');
  });
});

it.each(['mixxx', 'beets'] as const)('a large library of %s is read a page at a time', async (kind) => {
  const path = at('large.db');
  if (kind === 'mixxx') makeMixxx(path);
  else makeBeets(path, { isNew: true });
  const db = new Database(path);
  db.pragma('foreign_keys = OFF');
  const numbers = 'WITH RECURSIVE n (n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM n WHERE n < 11099)';
  if (kind === 'mixxx')
    db.exec(`
      ${numbers} INSERT INTO track_locations (id, location, filename, fs_deleted) SELECT n, '/m/' || n, n || '.mp3', 0 FROM n;
      ${numbers} INSERT INTO library (id, location, mixxx_deleted) SELECT n, n, 0 FROM n;`);
  else
    db.exec(`
      ${numbers} INSERT INTO items (id, path, title) SELECT n, CAST('/m/' || n AS BLOB), 'T' || n FROM n;
      ${numbers} INSERT INTO item_attributes (entity_id, key, value) SELECT n, 'mood', 'dark' FROM n;`);
  db.close();
  const answer = await run(['init', '--from', kind, '--path', path, '--json']);
  expect(JSON.parse(answer.stdout)).toMatchObject({ samples: 11_002 });
});
