import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config.js';
import { editEnv } from '../../src/settings/edit-env.js';
import { Database } from '../../src/sqlite.js';
import { wav } from '../sources/folder/sounds.js';
import { runCli, temporaryFolder } from '../support/cli.js';
import { type InTerminal, startInTerminal } from '../support/terminal.js';
import { makeMixxx } from './init-from/mixxx.js';

let folder: ReturnType<typeof temporaryFolder>;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder.path, '.env');
});
afterEach(() => folder.remove());

const start = (env = {}): InTerminal => startInTerminal(folder.path, ['init'], env);
const ENTER = '\r';
const DOWN = '\u001b[B';
const CTRL_C = '\u0003';
const CTRL_U = '\u0015';

async function answer(terminal: InTerminal, question: string, keys: string): Promise<void> {
  await terminal.says(`${question}: `);
  terminal.type(keys);
}

describe('init', () => {
  it('asks, checks each answer as commands do, and writes .env for its owner alone', async () => {
    const terminal = start();
    await answer(terminal, 'OPENROUTER_API_KEY', ENTER);
    await terminal.says('It is needed');
    terminal.type(`sk-or-canary-1${ENTER}`);
    await answer(terminal, 'DATABASE_URL', `mysql://me:hunter2@h/d${ENTER}`);
    await terminal.says('DATABASE_URL does not name a catalog');
    terminal.type(`${CTRL_U}my library.db${ENTER}`);
    await answer(terminal, 'TURSO_DATABASE_URL', ENTER);
    await answer(terminal, 'EMBEDDING_MODEL', ENTER);
    await terminal.says('Next: embeddings doctor');
    expect(await terminal.done).toBe(0);
    expect(terminal.shown()).not.toContain('canary');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(loadSettings({}, folder.path)).toMatchObject({
      apiKey: 'sk-or-canary-1',
      catalogUrl: 'my library.db',
      storeUrl: 'file:embeddings.db',
      model: 'openai/text-embedding-3-small',
    });
  });

  it('asks for what follows from an answer: the token of a remote store, the length of another model', async () => {
    const terminal = start();
    await answer(terminal, 'OPENROUTER_API_KEY', `k${ENTER}`);
    await answer(terminal, 'DATABASE_URL', `library.db${ENTER}`);
    await answer(terminal, 'TURSO_DATABASE_URL', `libsql://store.example${ENTER}`);
    await answer(terminal, 'TURSO_AUTH_TOKEN', `token-canary${ENTER}`);
    await answer(terminal, 'EMBEDDING_MODEL', `some/model${ENTER}`);
    await answer(terminal, 'EMBEDDING_DIMENSIONS', `many${ENTER}`);
    await terminal.says('EMBEDDING_DIMENSIONS must be an integer');
    terminal.type(`${CTRL_U}768${ENTER}`);
    expect(await terminal.done).toBe(0);
    expect(terminal.shown()).not.toContain('canary');
    expect(loadSettings({}, folder.path)).toMatchObject({ storeToken: 'token-canary', dimensions: 768 });
  });

  const THERE = '# mine\nOPENROUTER_API_KEY=sk-present-canary # why\nBATCH_SIZE=7\n';

  it('keeps what a .env sets, and asks for the rest', async () => {
    writeFileSync(file, THERE, { mode: 0o644 });
    const terminal = start();
    await terminal.says('There is a .env already');
    terminal.type(ENTER);
    await answer(terminal, 'DATABASE_URL', `library.db${ENTER}`);
    expect(await terminal.done).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(`${THERE}DATABASE_URL=library.db\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(terminal.shown()).not.toContain('canary');
  });

  it('goes through it where that is chosen; an empty answer keeps a value', async () => {
    writeFileSync(file, `${THERE}DATABASE_URL=postgres://me:hunter2@h/d\n`);
    const terminal = start();
    await terminal.says('There is a .env already');
    terminal.type(DOWN + ENTER);
    await answer(terminal, 'OPENROUTER_API_KEY', ENTER);
    await answer(terminal, 'DATABASE_URL', ENTER);
    await answer(terminal, 'TURSO_DATABASE_URL', `file:vectors.db${ENTER}`);
    await answer(terminal, 'EMBEDDING_MODEL', ENTER);
    expect(await terminal.done).toBe(0);
    expect(terminal.shown()).not.toMatch(/canary|hunter2/);
    expect(loadSettings({}, folder.path)).toMatchObject({
      apiKey: 'sk-present-canary',
      catalogUrl: 'postgres://me:hunter2@h/d',
      storeUrl: 'file:vectors.db',
      batchSize: 7,
    });
    expect(readFileSync(file, 'utf8').startsWith(THERE)).toBe(true);
  });

  it.each([
    ['where that is chosen', [DOWN + DOWN + ENTER], 0],
    ['after Ctrl-C', [ENTER, CTRL_C], 130],
  ])('changes nothing %s', async (_, keys, code) => {
    writeFileSync(file, THERE);
    const terminal = start();
    await terminal.says('There is a .env already');
    terminal.type(keys[0] ?? '');
    if (keys[1] !== undefined) await answer(terminal, 'DATABASE_URL', keys[1]);
    expect(await terminal.done).toBe(code);
    expect(readFileSync(file, 'utf8')).toBe(THERE);
  });

  it('says what of the environment would win', async () => {
    const terminal = start({ EMBEDDING_MODEL: 'other/model' });
    await answer(terminal, 'OPENROUTER_API_KEY', `k${ENTER}`);
    await answer(terminal, 'DATABASE_URL', `library.db${ENTER}`);
    await answer(terminal, 'TURSO_DATABASE_URL', ENTER);
    await answer(terminal, 'EMBEDDING_MODEL', ENTER);
    await terminal.says('EMBEDDING_MODEL is set in the environment too, and that wins');
    expect(await terminal.done).toBe(2);
  });

  it('says that a .env above would no longer be read', async () => {
    writeFileSync(file, THERE);
    const below = join(folder.path, 'drums');
    mkdirSync(below);
    const terminal = startInTerminal(below, ['init']);
    await terminal.says('is read here: a .env in this folder replaces it completely');
    await answer(terminal, 'OPENROUTER_API_KEY', CTRL_C);
    expect(await terminal.done).toBe(130);
    expect(existsSync(join(below, '.env'))).toBe(false);
  });

  describe('DATABASE_URL', () => {
    /** Runs init with an answer for the catalog. HOME is the test's own folder. */
    const initWith = async (catalog: string): Promise<InTerminal> => {
      const terminal = start({ HOME: folder.path });
      await answer(terminal, 'OPENROUTER_API_KEY', `k${ENTER}`);
      await answer(terminal, 'DATABASE_URL', `${catalog}${ENTER}`);
      await answer(terminal, 'TURSO_DATABASE_URL', ENTER);
      await answer(terminal, 'EMBEDDING_MODEL', ENTER);
      return terminal;
    };
    const PRICELESS = { OPENROUTER_BASE_URL: 'http://127.0.0.1:9/v1' };
    const dryRun = async (): Promise<unknown> => {
      const env = { HOME: folder.path, ...PRICELESS };
      return JSON.parse((await runCli(folder.path, ['--dry-run', '--all', '--json'], env)).stdout);
    };
    const configFile = (): string => join(folder.path, 'embeddings.config.yaml');

    it.each([
      ['by its name', 'My Samples'],
      ['in the home folder', '~/My Samples'],
      ['as a terminal writes a folder that is dragged into it', '~/My\\ Samples'],
      ['in quotes', "'My Samples'"],
    ])('takes a folder of audio files, %s, as what it is', async (_, typed) => {
      mkdirSync(join(folder.path, 'My Samples'));
      writeFileSync(join(folder.path, 'My Samples/Kick 120.wav'), wav({ seed: 1 }));
      // An index of it from an earlier scan is no catalog to choose a table of.
      const before = { DATABASE_URL: join(folder.path, 'My Samples'), ...PRICELESS };
      expect((await runCli(folder.path, ['scan'], before)).code).toBe(0);
      const terminal = await initWith(typed);
      await terminal.says('Next: embeddings scan');
      expect(await terminal.done).toBe(0);
      expect(terminal.shown()).not.toContain('Which one holds the samples');
      expect(existsSync(configFile())).toBe(false);
      expect(await dryRun()).toMatchObject({ total_samples: 1, to_embed: 1 });
    });

    it('takes in a CSV file, and is not asked for again', async () => {
      writeFileSync(join(folder.path, 'my samples.csv'), 'id,title,bpm\n1,Kick,120\n2,Hat,90\n');
      const terminal = await initWith('my samples.csv');
      await terminal.says('init --from csv');
      expect(await terminal.done).toBe(0);
      expect(readFileSync(file, 'utf8')).not.toMatch(/^DATABASE_URL/m);
      expect(await dryRun()).toMatchObject({ total_samples: 2, to_embed: 2 });
      const again = start({ HOME: folder.path });
      await again.says('There is a .env already');
      again.type(ENTER);
      expect(await again.done).toBe(0);
    });

    it("takes in another program's library", async () => {
      makeMixxx(join(folder.path, 'mixxxdb.sqlite'));
      const terminal = await initWith('~/mixxxdb.sqlite');
      await terminal.says('init --from mixxx');
      expect(await terminal.done).toBe(0);
      expect(readFileSync(configFile(), 'utf8')).toContain('mixxxdb.sqlite');
      expect(await dryRun()).toMatchObject({ total_samples: 2 });
    });

    it('declares the table samples whose ids are text', async () => {
      new Database(join(folder.path, 'sounds.db'))
        .exec(
          "create table samples (id text primary key, title text); insert into samples values ('a', 'Kick')",
        )
        .close();
      const terminal = await initWith('sounds.db');
      await terminal.says('Which one holds the samples?');
      terminal.type(ENTER);
      expect(await terminal.done).toBe(0);
      expect(await dryRun()).toMatchObject({ total_samples: 1 });
    });

    it('says that nothing is at a path', async () => {
      const terminal = await initWith('~/Smaples');
      await terminal.says('and no folder: connect its disk, or correct');
      expect(await terminal.done).toBe(0);
    });
  });

  it('needs a terminal, and says what to do without one', async () => {
    const { code, stdout, stderr } = await runCli(folder.path, ['init']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      `error: init asks questions and needs a terminal: run it in one, or write ${file} yourself, with OPENROUTER_API_KEY, DATABASE_URL and TURSO_DATABASE_URL\n`,
    );
    expect(existsSync(file)).toBe(false);
  });
});

describe('a .env that is changed', () => {
  it.each([
    ['', { A: 'x' }, 'A=x\n'],
    ['B=1', { A: 'x' }, 'B=1\nA=x\n'],
    ['# A=0\nexport A = 1 # why\r\nB=2\n', { A: 'x' }, '# A=0\nA=x\r\nB=2\n'],
    ['A=1\nA=2\n', { A: 'x' }, 'A=1\nA=x\n'],
    ['', { A: 'a b#c' }, "A='a b#c'\n"],
    ['', { A: "it's #1" }, 'A="it\'s #1"\n'],
  ])('%j with %j', (text, values, expected) => expect(editEnv(text, values)).toBe(expected));

  it.each([
    ['A="1\nB=2"\n', { A: 'x' }],
    ['', { A: 'x\ny' }],
    ['', { A: `'"\`#` }],
  ])('is refused where it would not be read as meant: %j with %j', (text, values) =>
    expect(() => editEnv(text, values)).toThrow(/set A by hand|set it in the environment/),
  );
});
