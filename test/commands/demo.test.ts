import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDemo } from '../../src/commands/demo/demo-place.js';
import { demoWords } from '../../src/commands/demo/run-on-demo.js';
import { loadSettings } from '../../src/config.js';
import { Database } from '../../src/sqlite.js';
import { runCli, temporaryFolder } from '../support/cli.js';

const SAMPLES = 60;
const folder = temporaryFolder();
afterAll(() => folder.remove());
/** Settings of one's own, of which nothing works: the demo has nothing to do with them. */
const OWN = {
  OPENROUTER_API_KEY: 'sk-mine',
  OPENROUTER_BASE_URL: 'http://127.0.0.1:9/v1',
  DATABASE_URL: '/nowhere/library.db',
  TURSO_DATABASE_URL: 'file:/nowhere/store.db',
};
const run = (args: string[], env = {}) => runCli(folder.path, ['demo', ...args], env);

describe('before a demo was run', () => {
  it.each(['status', 'search x', 'map', 'usage', 'verify'])(
    '%s says what to run first, and makes nothing',
    async (line) => {
      const { code, stderr } = await run(line.split(' '));
      expect(code).toBe(2);
      const home = join(folder.path, '.embeddings', 'demo');
      expect(stderr).toBe(`error: there is no demo in ${home} yet: run embeddings demo first\n`);
      expect(existsSync(home)).toBe(false);
    },
  );

  it('a slip is answered with what may be meant', async () => {
    const { code, stderr } = await run(['serch', 'x', '--limit', '3']);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown command 'serch'\n(Did you mean search?)");
  });
});

describe('after it', () => {
  beforeAll(async () => {
    const { code, stdout } = await run(['--samples', String(SAMPLES)], OWN);
    expect(code).toBe(0);
    expect(stdout).toContain('embeddings demo search dark moody hip hop');
  });

  it('search, similar and explain work without settings, and with those of something else', async () => {
    for (const env of [{}, OWN]) {
      const found = await run(['search', 'dusty', 'drum', 'loop', '--limit', '3', '--json'], env);
      expect(JSON.parse(found.stdout)).toHaveLength(3);
    }
    expect(JSON.parse((await run(['similar', '1', '--json'])).stdout)).not.toHaveLength(0);
    const explained = JSON.parse((await run(['explain', '1', '--json'])).stdout);
    expect(explained).toMatchObject({ sample_id: 1 });
    expect((await run(['explain', '1'])).stdout).toMatch(/The next run would leave it alone/);
  });

  it('status, usage, failures and verify do too', async () => {
    const status = await run(['status', '--json']);
    expect({ code: status.code, ...JSON.parse(status.stdout) }).toMatchObject({
      code: 0,
      state: 'completed',
      stored: SAMPLES,
    });
    expect(JSON.parse((await run(['usage', '--json'])).stdout).total.requests).toBeGreaterThan(0);
    expect(await run(['failures', '--json'])).toMatchObject({ code: 0, stdout: '[]\n' });
    expect(await run(['verify', '--json'])).toMatchObject({ code: 0 });
  });

  it('report and map write where they are told to', async () => {
    for (const page of ['report', 'map']) {
      expect(await run([page, '--out', `${page}.html`])).toMatchObject({ code: 0 });
      expect(existsSync(join(folder.path, `${page}.html`))).toBe(true);
    }
  });

  it('a sentence names commands that work there', async () => {
    const db = new Database(join(folder.path, '.embeddings', 'demo', 'store-60.db'));
    const { id } = db
      .prepare<[], { id: number }>('SELECT MIN(sample_id) AS id FROM sample_embeddings')
      .get() ?? { id: 0 };
    db.prepare('DELETE FROM sample_embeddings WHERE sample_id = ?').run(id);
    db.close();
    const { code, stderr } = await run(['similar', String(id)]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/embeddings demo --samples 60, or see embeddings demo failures\n$/);
  });

  it('another size is another demo', async () => {
    const { code, stderr } = await run(['status', '--samples', '61']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no demo of 61 samples.*run embeddings demo --samples 61 first/);
    expect(await run(['status', '--samples', '60'])).toMatchObject({ code: 0 });
  });
});

it('the demo that ran last is meant where no size is given', () => {
  const own = loadSettings({ EMBEDDINGS_HOME: join(folder.path, 'sizes') }, folder.path);
  mkdirSync(join(folder.path, 'sizes', 'demo'), { recursive: true });
  expect(findDemo(own)).toBeNull();
  for (const [samples, at] of [
    [300, 1000],
    [2437, 3000],
    [60, 2000],
  ] as const) {
    const file = join(folder.path, 'sizes', 'demo', `store-${samples}.db`);
    writeFileSync(file, '');
    utimesSync(file, at, at);
  }
  expect(findDemo(own)?.of).toEqual({ samples: 2437 });
  expect(findDemo(own, 60)?.of).toEqual({ samples: 60 });
  expect(findDemo(own, 61)).toBeNull();
});

describe('the words of commands, in a demo', () => {
  it.each([
    ['No run yet. Begin one with: embeddings --all', 'No run yet. Begin one with: embeddings demo'],
    ['go on with: embeddings --resume · end it: embeddings cancel', 'go on with: embeddings demo'],
    ['Try them again: embeddings generate --failed', 'Try them again: embeddings demo'],
    ['3 more: embeddings failures --limit 53', '3 more: embeddings demo failures --limit 53'],
    ['embed it with embeddings --sample-ids 5.', 'embed it with embeddings demo.'],
    ['embeddings demo search dusty', 'embeddings demo search dusty'],
    ['60 embeddings are stored', '60 embeddings are stored'],
  ])('%s', (sentence, there) => expect(demoWords({ of: { samples: 2437 } })(sentence)).toBe(there));
});
