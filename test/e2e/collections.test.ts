import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/local/sandbox-openrouter/index.js';
import { Database } from '../../src/sqlite.js';
import { runCli, temporaryFolder } from '../support/cli.js';
import { postgresQuery, startPostgres, type TestPostgres } from '../support/postgres.js';
import { json } from './scene.js';

// Each walk starts some thirty processes.
vi.setConfig({ testTimeout: 240_000 });

interface Sent {
  input: string[];
  input_type?: string;
}

/** A folder with a configuration file, and a provider that writes down what it is sent. */
async function setPlace(config: string, env: Record<string, string> = {}) {
  const folder = temporaryFolder();
  writeFileSync(join(folder.path, 'embeddings.config.yaml'), config);
  const sandbox = await startSandbox({ key: 'sk-canary' });
  const sent: Sent[] = [];
  const recorder = await record(sandbox, sent);
  const { port } = recorder.address() as AddressInfo;
  const settings = {
    OPENROUTER_API_KEY: 'sk-canary',
    OPENROUTER_BASE_URL: `http://127.0.0.1:${port}/api/v1`,
    ...env,
  };
  return {
    path: folder.path,
    sandbox,
    sent,
    run: (...args: string[]) => runCli(folder.path, args, settings),
    configure: (text: string) => writeFileSync(join(folder.path, 'embeddings.config.yaml'), text),
    async close() {
      await new Promise((resolve) => recorder.close(resolve).closeAllConnections());
      await sandbox.stop();
      folder.remove();
    },
  };
}

async function record(sandbox: Sandbox, sent: Sent[]): Promise<Server> {
  const origin = new URL(sandbox.baseUrl).origin;
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8');
    if (request.method === 'POST') sent.push(JSON.parse(body) as Sent);
    const { authorization = '' } = request.headers;
    const answer = await fetch(`${origin}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { authorization, 'content-type': 'application/json' },
      ...(request.method === 'POST' && { body }),
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

let place: Awaited<ReturnType<typeof setPlace>> | undefined;
afterEach(async () => {
  await place?.close();
  place = undefined;
});

const config = ({
  text = 'Title: {name}\n      BPM: {bpm | round}',
  url = 'sqlite:///sounds.db',
  id = 'path',
} = {}) => `
collections:
  drums:
    source: { url: "${url}", table: sounds, id: ${id} }
    text: |
      ${text}
    show: [name, pack, bpm, ${id}]
    filters: [pack, bpm]
    model: { document: { prefix: "passage: ", input_type: search_document }, query: { prefix: "query: ", input_type: search_query } }
    store: { url: "file:drums.db" }
`;

describe('a table of SQLite with text ids', () => {
  it('is embedded, searched, explained and verified under its own ids', async () => {
    place = await setPlace(config());
    const { run, sent, sandbox } = place;
    const db = new Database(join(place.path, 'sounds.db'));
    db.exec('CREATE TABLE sounds (path TEXT PRIMARY KEY, name TEXT, pack TEXT, bpm REAL)');
    // The first key is the last row, so that numbers and keys differ in order later.
    for (let n = 1; n <= 30; n++)
      db.prepare('INSERT INTO sounds VALUES (?, ?, ?, ?)').run(
        `m/${n}.wav`,
        `Kick ${n}`,
        n % 2 ? 'Dusty' : 'Night',
        60 + n,
      );
    db.prepare('INSERT INTO sounds (path) VALUES (?)').run('void.wav');

    const dry = json(await run('--dry-run', '--all', '--json'));
    expect(dry).toMatchObject({
      total_samples: 31,
      to_embed: 30,
      empty_texts: 1,
      catalog_notes: ['31 samples'],
    });
    expect(sent).toEqual([]);

    const some = await run('--sample-ids', 'm/7.wav,gone.wav', '--json');
    expect(json(some)).toMatchObject({ stored: 1, ids_not_in_catalog: 1 });
    expect((await run('--sample-ids', 'gone.wav')).stderr).toMatch(
      /none of the 1 ids asked for is in the catalog \(gone\.wav\)/,
    );

    const all = await run('--all');
    expect(all.code).toBe(1);
    expect(all.stdout).toContain('Sample IDs: void.wav');
    expect(sandbox.bill().inputs).toBe(30);
    expect(
      sent.every(({ input, input_type }) => input_type === 'search_document' && !input.includes('')),
    ).toBe(true);
    expect(sent.flatMap(({ input }) => input)).toContain('passage: Title: Kick 3\nBPM: 63');
    const [failure] = json(await run('failures', '--json')) as unknown as Record<string, unknown>[];
    expect(failure).toMatchObject({
      sample_id: 'void.wav',
      reason: 'Rejected',
      message: expect.stringMatching(/its text is empty, .* fill one in the catalog/),
    });

    sent.length = 0;
    const found = json(
      await run('search', 'kick', '--where', 'pack=dusty', '--where', 'bpm=62-64', '--json'),
    );
    expect(found).toMatchObject([
      {
        sample_id: 'm/3.wav',
        title: 'Kick 3',
        fields: { name: 'Kick 3', pack: 'Dusty', bpm: 63, path: 'm/3.wav' },
      },
    ]);
    expect(sent).toMatchObject([{ input: ['query: kick'], input_type: 'search_query' }]);
    expect((await run('search', 'kick', '--where', 'pak=x')).stderr).toContain('did you mean pack?');
    expect((await run('search', 'kick', '--energy', '0-1')).stderr).toContain(
      'has no column for it: leave it out, or name the column that holds it with --where',
    );
    expect(
      json(await run('search', 'kick', '--bpm', '62-64', '--where', 'pack=dusty', '--json')),
    ).toMatchObject([{ sample_id: 'm/3.wav' }]);
    expect(json(await run('similar', 'm/3.wav', '--limit', '1', '--json'))).toMatchObject([
      { sample_id: expect.stringMatching(/^m\//) },
    ]);
    expect(json(await run('explain', 'm/3.wav', '--json'))).toMatchObject({
      sample_id: 'm/3.wav',
      next_run: { does: 'nothing' },
    });
    expect((await run('explain', 'nowhere.wav')).stderr).toMatch(
      /there is no sample nowhere\.wav: .*; check the id/,
    );

    db.exec(`
      INSERT INTO sounds VALUES ('a/first.wav', 'New', 'Dusty', 90);
      UPDATE sounds SET name = 'Snare' WHERE path = 'm/5.wav';
      DELETE FROM sounds WHERE path = 'm/9.wav'`);
    expect(json(await run('explain', 'a/first.wav', '--json'))).toMatchObject({
      stored: null,
      next_run: { does: 'embed' },
    });
    const verified = json(await run('verify', '--json')) as { problems: object[] };
    expect(verified).toMatchObject({ checked: 30, missing: 1, failed: 1 });
    expect(verified.problems).toEqual([
      expect.objectContaining({ kind: 'stale', sample_id: 'm/5.wav' }),
      expect.objectContaining({ kind: 'orphan', sample_id: 'm/9.wav' }),
    ]);
    expect((await run('verify', '--repair', '--yes')).stdout).toContain('1 not embedded yet');
    expect(json(await run('--all', '--json'))).toMatchObject({ stored: 1, unchanged: 29, failed: 1 });
    expect(sandbox.bill().inputs).toBe(32 + 1);

    // A changed template embeds what now reads differently; here all of it.
    place.configure(config({ text: 'Name: {name}' }));
    const changed = json(await run('--dry-run', '--all', '--json')) as { total_cost_nanodollars: number };
    expect(changed).toMatchObject({ to_embed: 30, unchanged: 0, empty_texts: 1 });
    expect(changed.total_cost_nanodollars).toBeGreaterThan(0);
    // And nothing where it gives the same texts.
    place.configure(config({ text: 'Title: {name | trim}\n      BPM: {bpm | round}' }));
    expect(json(await run('--dry-run', '--all', '--json'))).toMatchObject({ to_embed: 0, unchanged: 30 });
    for (const page of ['report', 'map']) expect((await run(page)).code).toBe(0);
    db.close();
  }, 180_000);
});

describe('a table of PostgreSQL with UUIDs', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.stop());

  it('is embedded and asked for by UUID in any case', async () => {
    const url = await server.createDatabase('sounds');
    await postgresQuery(
      url,
      `create table sounds (uuid uuid primary key, name text, pack text, bpm numeric);
       insert into sounds select md5(n::text)::uuid, 'Kick ' || n, 'Dusty', 60 + n from generate_series(1, 250) n`,
    );
    const uuid = 'c4ca4238-a0b9-2382-0dcc-509a6f75849b';
    place = await setPlace(config({ url: `\${DRUMS}`, id: 'uuid' }), { DRUMS: url });
    const { run } = place;
    expect(json(await run('--all', '--json'))).toMatchObject({ stored: 250, failed: 0 });
    expect(json(await run('explain', uuid.toUpperCase(), '--json'))).toMatchObject({
      sample_id: uuid,
      next_run: { does: 'nothing' },
    });
    expect(json(await run('search', 'kick', '--where', 'bpm=61', '--json'))).toMatchObject([
      { sample_id: uuid },
    ]);
    expect(json(await run('--sample-ids', uuid.toUpperCase(), '--reset', '--yes', '--json'))).toMatchObject({
      stored: 1,
    });
    expect((await run('verify')).code).toBe(0);
  }, 120_000);
});
