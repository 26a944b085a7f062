import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { type Scene, setScene } from '../e2e/scene.js';
import { postgresQuery, startPostgres, type TestPostgres } from '../support/postgres.js';

interface Answer {
  ok: boolean;
  checks: { name: string; ok: boolean; detail: string }[];
}

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(20);
});
afterAll(() => scene.close());

let homes = 0;
async function doctor(env: Record<string, string> = {}) {
  const own = { EMBEDDINGS_HOME: join(scene.path, `home-${++homes}`) };
  const { code, stdout } = await scene.run(['doctor', '--json'], { ...own, ...env });
  const { ok, checks } = JSON.parse(stdout) as Answer;
  return { code, ok, of: (name: string) => checks.find((check) => check.name === name) };
}

const ledger = () => {
  const db = new Database(scene.store, { readonly: true });
  try {
    return db.prepare('SELECT run_id, operation, status, total_cost_nanos AS nanos FROM api_usage').all();
  } finally {
    db.close();
  }
};

describe('embeddings doctor', () => {
  it('buys one text, books it, says its price; writes a row and takes it back', async () => {
    const { code, ok, of } = await doctor();
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(of('Embedding')?.detail).toMatch(
      /embedded for \$0\.000000\d+, booked in the ledger; 1,536 numbers/,
    );
    expect(of('Store')?.detail).toBe('made; one row written and rolled back');
    expect(of('Temporal')?.detail).toBe('the program’s own server: it starts and answers');
    expect(of('Catalog')?.detail).toMatch(/^sqlite, 20 samples; \d+ of 20 samples have an analysis/);
    const { costNanos } = scene.sandbox.bill();
    expect(costNanos).toBeGreaterThan(0);
    expect(ledger()).toEqual([
      { run_id: 'doctor', operation: 'doctor', status: 'settled', nanos: costNanos },
    ]);
    expect((await scene.run(['verify', '--json'])).code).toBe(0);
    const usage = JSON.parse((await scene.run(['usage', '--json'])).stdout) as {
      total_cost_nanodollars: number;
    };
    expect(JSON.stringify(usage)).toContain('"doctor"');
    const db = new Database(scene.store, { readonly: true });
    expect(db.prepare('SELECT COUNT(*) AS n FROM sample_embeddings').get()).toEqual({ n: 0 });
    db.close();
  });

  it('an address without its version is told with the one to try', async () => {
    const { code, of } = await doctor({ OPENROUTER_BASE_URL: scene.sandbox.baseUrl.replace(/\/v1$/, '') });
    expect(code).toBe(2);
    expect(of('Embedding')).toMatchObject({
      ok: false,
      detail: expect.stringContaining(`try OPENROUTER_BASE_URL=${scene.sandbox.baseUrl}`),
    });
  });

  it('a page in the place of an answer is told in the same way', async () => {
    const page = await serve('<html>It works!</html>', 'text/html');
    const { code, of } = await doctor({ OPENROUTER_BASE_URL: page.url });
    page.server.close();
    expect(code).toBe(2);
    expect(of('Embedding')?.detail).toMatch(new RegExp(`try OPENROUTER_BASE_URL=${page.url}/v1`));
  });

  it('a model of another length is told with the length to set', async () => {
    const small = await serve(
      JSON.stringify({
        object: 'list',
        data: [{ index: 0, embedding: [0.1, 0.2, 0.3] }],
        usage: { prompt_tokens: 5 },
      }),
      'application/json',
    );
    const { code, of } = await doctor({ OPENROUTER_BASE_URL: `${small.url}/v1`, EMBEDDING_MODEL: 'small' });
    small.server.close();
    expect(code).toBe(2);
    expect(of('Embedding')?.detail).toMatch(
      /gives vectors of 3 numbers, not of 1536: set EMBEDDING_DIMENSIONS=3/,
    );
  });

  it('a folder that is missing for the store is told; nothing is made, nothing bought', async () => {
    const before = scene.sandbox.bill().requests;
    const folder = join(scene.path, 'not mounted');
    const { code, of } = await doctor({ TURSO_DATABASE_URL: `file:${folder}/store.db` });
    expect(code).toBe(2);
    expect(of('Store')?.detail).toContain(`make it (mkdir -p '${folder}')`);
    expect(of('Embedding')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/nothing was bought: first fix Store/),
    });
    expect(scene.sandbox.bill().requests).toBe(before);
  });

  it('a store that refuses what a run writes, or is no database, is told', async () => {
    const text = join(scene.path, 'text.db');
    writeFileSync(text, 'this is not a database, whatever its name says'.repeat(20));
    expect((await doctor({ TURSO_DATABASE_URL: `file:${text}` })).of('Store')).toMatchObject({ ok: false });

    const refusing = join(scene.path, 'refusing.db');
    await doctor({ TURSO_DATABASE_URL: `file:${refusing}` });
    const db = new Database(refusing);
    db.exec(
      "CREATE TRIGGER no BEFORE INSERT ON sample_embeddings BEGIN SELECT RAISE(ABORT, 'read only'); END",
    );
    db.close();
    const { code, of } = await doctor({ TURSO_DATABASE_URL: `file:${refusing}` });
    expect(code).toBe(2);
    expect(of('Store')?.detail).toMatch(/read only/);
  });

  it("a damaged database of Temporal's is told with the way out, wherever the damage is", async () => {
    const home = join(scene.path, 'damaged');
    mkdirSync(home);
    const file = join(home, 'temporal.db');
    writeFileSync(file, 'not a database'.repeat(100));
    const whole = await doctor({ EMBEDDINGS_HOME: home });
    expect(whole.code).toBe(2);
    expect(whole.of('Temporal')?.detail).toMatch(/temporal\.db is damaged\. .*Cure: move .*temporal\.db/);

    const inside = join(scene.path, 'inside');
    expect((await doctor({ EMBEDDINGS_HOME: inside })).ok).toBe(true);
    const db = new Database(join(inside, 'temporal.db'));
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    const pages = readFileSync(join(inside, 'temporal.db')).length / 4096;
    const broken = openSync(join(inside, 'temporal.db'), 'r+');
    for (let page = 10; page < pages - 1; page += 5)
      writeSync(broken, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096);
    closeSync(broken);
    const { code, of } = await doctor({ EMBEDDINGS_HOME: inside });
    expect(code).toBe(2);
    expect(of('Temporal')?.detail).toMatch(/is damaged/);
  });

  it('says of a folder without samples what the other commands say', async () => {
    const folder = join(scene.path, 'empty');
    mkdirSync(folder);
    const { of } = await doctor({ DATABASE_URL: folder });
    expect(of('Catalog')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/there is no sample in .*empty: name a folder that holds WAV, /),
    });
  });

  it('a catalog without a sample, and a column that is not there, are told', async () => {
    const empty = join(scene.path, 'empty.db');
    const db = new Database(empty);
    db.exec('CREATE TABLE samples (id INTEGER PRIMARY KEY, title TEXT)');
    expect((await doctor({ DATABASE_URL: empty })).of('Catalog')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/no sample: .*DATABASE_URL/),
    });
    db.exec("INSERT INTO samples VALUES (1, 'one')");
    db.close();
    expect((await doctor({ DATABASE_URL: empty })).of('Catalog')).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/missing, so left out of the texts: samples\.genre, .*vibe_analyses/),
    });
  });
});

describe('with a role that row-level security shows nothing, or a part', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.stop());

  it('says so', async () => {
    const owner = await server.createDatabase('guarded');
    await postgresQuery(
      owner,
      `create table samples (id integer primary key, title text);
       insert into samples select n, 'sample ' || n from generate_series(1, 10) as n;
       alter table samples enable row level security;
       create role reader login password 'reader'; grant select on samples to reader`,
    );
    const reader = owner.replace(/\/\/.*@/, '//reader:reader@');
    const none = await doctor({ DATABASE_URL: reader });
    expect(none.code).toBe(2);
    expect(none.of('Catalog')?.detail).toMatch(
      /row-level security hides every row of samples .* let a policy/,
    );
    await postgresQuery(owner, 'create policy part on samples for select using (id < 4)');
    expect((await doctor({ DATABASE_URL: reader })).of('Catalog')).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/3 samples; .*row-level security hides rows of samples/),
    });
  });
});

/** A server that answers every POST alike, and knows no other address where it speaks JSON. */
async function serve(body: string, type: string): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    request
      .resume()
      .on('end', () =>
        response
          .writeHead(type.endsWith('json') && request.method !== 'POST' ? 404 : 200, { 'content-type': type })
          .end(body),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, server };
}
