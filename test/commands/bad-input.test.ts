import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDemoCatalog } from '../../src/local/demo-catalog/index.js';
import { Database } from '../../src/sqlite.js';
import { runCli, temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder();
const catalog = join(folder.path, 'catalog.db');
const good = {
  OPENROUTER_API_KEY: 'sk-canary-1234',
  OPENROUTER_BASE_URL: 'http://127.0.0.1:19999',
  DATABASE_URL: catalog,
  TURSO_DATABASE_URL: `file:${join(folder.path, 'store.db')}`,
};

beforeAll(async () => {
  await createDemoCatalog({ path: catalog, samples: 20 });
  new Database(join(folder.path, 'empty.db'))
    .exec('CREATE TABLE samples (id INTEGER PRIMARY KEY, name TEXT)')
    .close();
  writeFileSync(join(folder.path, 'text.db'), 'this is not a database, whatever its name says');
});
afterAll(() => folder.remove());

describe('bad input: one clear sentence, exit code 2, no stack trace', () => {
  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['nothing selected', [], {}, /--all, --sample-ids/],
    ['an empty list of ids', ['--sample-ids', ''], {}, /1,5,10-20/],
    ['a reversed range', ['--sample-ids', '5-1'], {}, /5-1.*1,5,10-20/],
    ['words for ids', ['--sample-ids', 'a-b'], {}, /a-b.*1,5,10-20/],
    ['an open range', ['--sample-ids', '1-'], {}, /1-.*1,5,10-20/],
    ['a missing part', ['--sample-ids', '1,,2'], {}, /1,5,10-20/],
    ['an id past 2^53', ['--sample-ids', '9007199254740993'], {}, /9007199254740991/],
    ['an unknown flag', ['--al'], {}, /unknown option '--al'/],
    ['an unknown command', ['generat'], {}, /unknown command 'generat'/],
    [
      'flags that exclude each other',
      ['--all', '--failed'],
      {},
      /'--all' cannot be used with option '--failed'/,
    ],
    [
      'a batch size of nothing',
      ['--all', '--batch-size', '0'],
      {},
      /--batch-size must be an integer from 1 to 2048, got "0"/,
    ],
    ['a cap that is no amount', ['--all', '--max-cost', 'cheap'], {}, /--max-cost.*"cheap"/],
    [
      'a setting out of range',
      ['--all'],
      { BATCH_SIZE: '0' },
      /BATCH_SIZE must be an integer from 1 to 2048, got "0"/,
    ],
    ['no key', ['--all'], { OPENROUTER_API_KEY: '' }, /OPENROUTER_API_KEY environment variable must be set/],
    [
      'no store',
      ['--all'],
      { TURSO_DATABASE_URL: '' },
      /TURSO_DATABASE_URL environment variable must be set/,
    ],
    ['no catalog', ['--all'], { DATABASE_URL: '' }, /DATABASE_URL environment variable must be set/],
    [
      'a catalog that is not there',
      ['--all'],
      { DATABASE_URL: '/nowhere/library.db' },
      /DATABASE_URL.*\/nowhere\/library\.db/,
    ],
    [
      'a scan of no catalog',
      ['scan'],
      { DATABASE_URL: '' },
      /^error: DATABASE_URL environment variable must be set, or be in \.env, which embeddings init writes$/m,
    ],
    [
      'a scan of a folder that is not there',
      ['scan'],
      { DATABASE_URL: '/nowhere/Samples' },
      /: DATABASE_URL: no SQLite database at \/nowhere\/Samples, and no folder: connect its disk, or correct the path$/m,
    ],
    [
      'a scan of a database',
      ['scan'],
      {},
      /: the catalog is a database \(SQLite at .*\), which needs no scan: embeddings --dry-run --all/,
    ],
    [
      'a table of a folder',
      ['init', '--table', 'files'],
      { DATABASE_URL: folder.path },
      /DATABASE_URL is a folder of audio files, .*: embeddings scan reads it$/m,
    ],
    [
      'a folder to declare',
      ['init', folder.path],
      {},
      /is a folder, .*: set DATABASE_URL=.*, then embeddings scan/,
    ],
    [
      'a database to declare',
      ['init', catalog],
      {},
      /is a database: set DATABASE_URL=.*, then embeddings init --table/,
    ],
    ['a path to declare that is not there', ['init', 'samples'], {}, /samples needs --from: say what it is/],
    [
      'a catalog without the tables',
      ['--all'],
      { DATABASE_URL: join(folder.path, 'empty.db') },
      /\bsamples\b/,
    ],
    [
      'a catalog that is no database',
      ['--all'],
      { DATABASE_URL: join(folder.path, 'text.db') },
      /DATABASE_URL/,
    ],
    [
      'a catalog of another kind',
      ['--all'],
      { DATABASE_URL: 'mysql://u:hunter2@h/db' },
      /DATABASE_URL.*postgres/,
    ],
    [
      'PostgreSQL that nobody answers at',
      ['--all'],
      { DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:9/db' },
      /DATABASE_URL.*127\.0\.0\.1/,
    ],
    [
      'a store of another kind',
      ['--all'],
      { TURSO_DATABASE_URL: 'mongodb://u:hunter2@h/db' },
      /TURSO_DATABASE_URL.*libsql:/,
    ],
    [
      'a store in plaintext elsewhere',
      ['--all'],
      { TURSO_DATABASE_URL: 'http://db.example.com' },
      /TURSO_DATABASE_URL.*tls=0/,
    ],
    [
      'the key in plaintext elsewhere',
      ['--all'],
      { OPENROUTER_BASE_URL: 'http://api.example.com/v1' },
      /OPENROUTER_BASE_URL/,
    ],
    [
      'a store that nobody answers at',
      ['--all'],
      { TURSO_DATABASE_URL: 'http://127.0.0.1:9' },
      /TURSO_DATABASE_URL/,
    ],
    ['a provider that nobody answers at', ['--all'], {}, /OPENROUTER_BASE_URL/],
    [
      'a configuration file of Temporal that cannot be read',
      ['status'],
      { TEMPORAL_CONFIG_FILE: folder.path },
      /TEMPORAL_CONFIG_FILE.*cannot be read.*: (?:let this user|correct or remove it)/,
    ],
    [
      'Temporal that nobody answers at',
      ['--all'],
      { TEMPORAL_ADDRESS: '127.0.0.1:9' },
      /TEMPORAL_ADDRESS.*127\.0\.0\.1:9/,
    ],
  ])('%s', async (_, args, env, sentence) => {
    const { code, stdout, stderr } = await runCli(folder.path, args, { ...good, ...env });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout + stderr).not.toMatch(/hunter2|canary/);
    expect(code).toBe(2);
  });
});

describe('help', () => {
  it('shows every command and how to begin', async () => {
    const { code, stdout } = await runCli(folder.path, ['--help']);
    expect(code).toBe(0);
    for (const word of [
      'generate',
      'status',
      'pause',
      'resume',
      'cancel',
      'schedule',
      'failures',
      'usage',
      'doctor',
      'worker',
      'dev',
      'demo',
    ])
      expect(stdout).toMatch(new RegExp(`^  ${word}\\b`, 'm'));
    expect(stdout).toContain('embeddings --dry-run --all');
  });
});
