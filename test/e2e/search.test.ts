import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSqld } from '../support/sqld.js';
import { json, type Scene, setScene } from './scene.js';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(600);
  expect(json(await scene.run(['--all', '--json']))).toMatchObject({ state: 'completed', failed: 0 });
});
afterAll(() => scene?.close());

const hits = (output: { stdout: string }) => JSON.parse(output.stdout) as Record<string, unknown>[];

describe('embeddings search', () => {
  it('finds by meaning and words, best first, and books the query in the ledger', async () => {
    const before = scene.sandbox.bill();
    const found = hits(await scene.run(['search', 'warm jazz', '--limit', '5', '--json']));
    expect(found).toHaveLength(5);
    for (const hit of found) expect(hit).toMatchObject({ genre: 'jazz', similarity: expect.any(Number) });
    const scores = found.map(({ score }) => Number(score));
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const { costNanos, entries } = scene.sandbox.bill();
    expect(entries).toHaveLength(before.entries.length + 1);
    const usage = JSON.parse((await scene.run(['usage', '--json'])).stdout);
    expect(usage.total.cost_nanodollars).toBe(costNanos);
    expect(JSON.stringify(usage)).toContain('"search"');
  });

  it('the same query again costs nothing, in any mode', async () => {
    const { length } = scene.sandbox.bill().entries;
    for (const mode of ['hybrid', 'vector']) await scene.run(['search', 'warm jazz', '--mode', mode]);
    await scene.run(['search', 'never asked before', '--mode', 'text']);
    expect(scene.sandbox.bill().entries).toHaveLength(length);
  });

  it('needs no quotes around the words, wherever the options stand', async () => {
    const quoted = await scene.run(['search', 'dusty drum loop', '--limit', '3', '--json']);
    expect(hits(quoted)).toHaveLength(3);
    for (const args of [
      ['dusty', 'drum', 'loop', '--limit', '3', '--json'],
      ['--json', '--limit', '3', 'dusty', 'drum', 'loop'],
      ['dusty', '--limit', '3', 'drum', '--json', 'loop'],
    ])
      expect((await scene.run(['search', ...args])).stdout).toBe(quoted.stdout);
  });

  it.each(['"unclosed', 'NEAR(warm jazz, 2)', 'warm* -jazz', 'title:warm AND NOT', '(((', '日本語 🎷'])(
    'takes FTS syntax as text: %s',
    async (query) => {
      const output = await scene.run(['search', query, '--mode', 'text', '--json']);
      expect(output.code).toBe(0);
      expect(Array.isArray(hits(output))).toBe(true);
    },
  );

  it('filters look at the catalog', async () => {
    const fast = hits(
      await scene.run(['search', 'warm', '--bpm', '120-130', '--genre', 'HOUSE', '--json', '--mode', 'text']),
    );
    expect(fast.length).toBeGreaterThan(0);
    for (const { bpm, genre } of fast) {
      expect(genre).toBe('house');
      expect(Number(bpm)).toBeGreaterThanOrEqual(120);
      expect(Number(bpm)).toBeLessThanOrEqual(130);
    }
  });

  it('similar finds what lies near, without itself', async () => {
    const [first] = hits(await scene.run(['search', 'warm jazz', '--limit', '1', '--json']));
    const near = hits(
      await scene.run(['similar', String(first?.sample_id), '--json', '--min-similarity', '0.2']),
    );
    expect(near.map((hit) => hit.sample_id)).not.toContain(first?.sample_id);
    for (const { similarity } of near) expect(Number(similarity)).toBeGreaterThanOrEqual(0.2);
  });

  it('nothing found is an empty list, and exit 0', async () => {
    const output = await scene.run(['search', 'zzzz', '--mode', 'text', '--json']);
    expect(output.code).toBe(0);
    expect(hits(output)).toEqual([]);
  });

  it.each([
    [['--genre', 'nonexistent'], /no sample of the catalog fits --genre "nonexistent": change it/],
    [['--genre', 'house', '--bpm', '1-2'], /no sample of the catalog fits --bpm 1-2: change it/],
    [
      ['--genre', 'house', '--where', 'genre=techno'],
      /\d+ fit --genre "house", \d+ fit --where genre="techno"/,
    ],
    [['--min-similarity', '0.999'], /the most similar sample has 0\.\d+, less than 0\.999/],
  ])('what emptied a search is said: %j', async (filter, sentence) => {
    const asked = ['search', 'warm', ...filter];
    expect(await scene.run(asked)).toMatchObject({ code: 0, stdout: expect.stringMatching(sentence) });
    const { code, stdout, stderr } = await scene.run([...asked, '--json']);
    expect({ code, found: JSON.parse(stdout) }).toEqual({ code: 0, found: [] });
    expect(stderr).toMatch(sentence);
  });

  it.each([
    [['search', '  '], /the query is empty/],
    [['similar', '999999'], /sample 999999 is not in the catalog and has no vector: check the id/],
    [['similar', 'abc'], /id of a sample/],
    [['search', 'x', '--bpm', '95-80'], /--bpm must be a number or a range like 80-95/],
    [['search', 'x', '--min-similarity', '7'], /--min-similarity must be a number from -1 to 1/],
    [['search', 'x', '--mode', 'magic'], /hybrid, vector, text/],
  ])('%j is refused', async (args, sentence) => {
    const { code, stderr } = await scene.run(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
  });

  it('reads the active generation, whatever the configuration asks for meanwhile; a store that is not there is named', async () => {
    const other = await scene.run(['search', 'warm jazz'], {
      EMBEDDING_DIMENSIONS: '384',
      EMBEDDING_MODEL: 'other/model',
    });
    expect(other).toMatchObject({ code: 0 });
    expect(other.stdout).toMatch(/jazz/i);
    expect(other.stderr).toMatch(
      /generation 1, of openai\/text-embedding-3-small with 1536 dimensions.*other\/model with 384.*embeddings --all/,
    );
    const none = await scene.run(['search', 'x'], { TURSO_DATABASE_URL: 'file:nowhere.db' });
    expect(none).toMatchObject({ code: 2 });
    expect(none.stderr).toMatch(/nothing to search yet/);
  });

  it('a provider that cannot be reached: the way around is named', async () => {
    const { code, stderr } = await scene.run(['search', 'unheard of'], {
      OPENROUTER_BASE_URL: 'http://127.0.0.1:19999/api/v1',
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/--mode text/);
  });
});

describe('on a libSQL server', () => {
  it('everything finds and shows what it does on a file', async () => {
    const server = await startSqld();
    try {
      const there = { TURSO_DATABASE_URL: server.url };
      expect(json(await scene.run(['--all', '--json'], there))).toMatchObject({ stored: 600 });
      const [known] = hits(await scene.run(['search', 'warm jazz', '--limit', '1', '--json']));
      const id = String(known?.sample_id);
      for (const args of [
        ['search', 'warm jazz'],
        ['search', 'warm jazz', '--mode', 'text', '--bpm', '80-120'],
        ['search', 'gloomy night drive', '--mode', 'vector'],
        ['similar', id],
      ]) {
        const [file, remote] = [
          hits(await scene.run([...args, '--json'])),
          hits(await scene.run([...args, '--json'], there)),
        ];
        expect(file).toHaveLength(10);
        expect(remote.map(({ sample_id }) => sample_id)).toEqual(file.map(({ sample_id }) => sample_id));
      }
      expect(json(await scene.run(['explain', id, '--json'], there))).toMatchObject({
        next_run: { does: 'nothing' },
      });
      for (const picture of ['map', 'report'])
        expect(await scene.run([picture, '--out', `remote-${picture}.html`], there)).toMatchObject({
          code: 0,
        });
    } finally {
      await server.stop();
    }
  });
});

describe('embeddings explain', () => {
  it('says that a sample is up to date, what it cost, and then what has changed', async () => {
    const { Database } = await import('../../src/sqlite.js');
    const db = new Database(scene.catalog);
    const { id } = db.prepare('SELECT MAX(id) AS id FROM samples').get() as { id: number };
    const fresh = json(await scene.run(['explain', String(id), '--json']));
    expect(fresh).toMatchObject({
      sample_id: id,
      stored: {
        model: 'openai/text-embedding-3-small',
        dimensions: 1536,
        cost_nanodollars: expect.any(Number),
      },
      next_run: { does: 'nothing', cost_nanodollars: 0 },
    });
    db.prepare("UPDATE samples SET title = 'Something else' WHERE id = ?").run(id);
    db.close();
    const { stdout } = await scene.run(['explain', String(id)]);
    expect(stdout).toMatch(/^ {2}\+ Title: Something else$/m);
    expect(stdout).toMatch(/^ {2}- Title: /m);
    expect(stdout).toMatch(/The next run would embed it for about \$0\.00000\d+: its text has changed/);
    expect(json(await scene.run(['explain', String(id), '--json']))).toMatchObject({
      next_run: { does: 'embed' },
    });
  });

  it('a sample that is nowhere is refused', async () => {
    expect(await scene.run(['explain', '999999'])).toMatchObject({ code: 2 });
  });
});
