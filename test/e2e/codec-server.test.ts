import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { peekLocalTemporal } from '../../src/local/temporal/connect.js';
import { findTemporalCli } from '../../src/local/temporal/find-binary.js';
import { startBrowser } from '../support/browser.js';
import type { Running } from '../support/cli.js';
import { cacheDir } from '../support/places.js';
import { json, type Scene, setScene } from './scene.js';

const exec = promisify(execFile);
const KEY = { EMBEDDINGS_CODEC_KEY: Buffer.alloc(32, 7).toString('base64') };
const OTHER = { EMBEDDINGS_CODEC_KEY: Buffer.alloc(32, 8).toString('base64') };
/** No sample has the last id: it only marks the selection. */
const MARK = '918273645';

let scene: Scene;
let dev: Running;
let address: string;
let ui: string;
let temporal: string;
const servers: Running[] = [];
beforeAll(async () => {
  scene = await setScene(30);
  dev = scene.start(['dev'], KEY);
  temporal = await findTemporalCli({ pathVar: process.env.PATH ?? '', cacheDir, log: () => undefined });
  await dev.says('A worker is up');
  const up = await peekLocalTemporal(join(scene.path, '.embeddings'));
  address = up?.address ?? '';
  ui = up?.uiUrl ?? '';
  const run = await scene.run(['--sample-ids', `1-100000,${MARK}`, '--json'], KEY);
  expect(json(run)).toMatchObject({ state: 'completed' });
}, 120_000);
afterAll(async () => {
  for (const { child, done } of [...servers, dev]) {
    child?.kill('SIGTERM');
    await done;
  }
  await scene?.close();
}, 60_000);

async function start(env: Record<string, string>): Promise<{ endpoint: string; token: string }> {
  const server = scene.start(['codec-server', '--port', '0'], env);
  servers.push(server);
  const [, endpoint = '', token = ''] = await server.finds(/Web UI {2}(http:\/\/127\.0\.0\.1:\d+)\/(\w+)/);
  return { endpoint, token };
}
/** What its history holds, with the data of payloads as text. */
const textOf = ({ stdout }: { stdout: string }): string =>
  stdout.replace(/"data": "([^"]*)"/g, (_, data: string) => Buffer.from(data, 'base64').toString());
const show = (...more: string[]) =>
  exec(temporal, [
    ...['workflow', 'show', '--address', address, '--workflow-id', 'embed-samples', '--output', 'json'],
    ...more,
  ]);

it("shows a run to Temporal's own CLI", async () => {
  expect(textOf(await show())).not.toContain(MARK);
  const { endpoint, token } = await start(KEY);
  expect(textOf(await show('--codec-endpoint', endpoint, '--codec-auth', `Bearer ${token}`))).toContain(MARK);
  expect(servers.map((server) => server.output()).join()).not.toContain(MARK);
  // The same key, the same token: what was pasted once goes on.
  expect((await start(KEY)).token).toBe(token);
});

it('tells in its own terminal why it refuses: which key is wanted, that the token is', async () => {
  const { endpoint, token } = await start(OTHER);
  const asking = Promise.allSettled([
    show('--codec-endpoint', endpoint, '--codec-auth', `Bearer ${token}`),
    show('--codec-endpoint', endpoint),
  ]);
  const server = servers.at(-1) as Running;
  await server.says(
    'Refused: EMBEDDINGS_CODEC_KEY is not the key that this run was started with: set that key',
  );
  await server.says('Refused: this server requires its token: use the endpoint that it printed');
  expect((await asking).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(server.output().match(/Refused/g)).toHaveLength(2);
});

it("shows a run in Temporal's Web UI, where its endpoint was pasted", async () => {
  const { endpoint, token } = await start(KEY);
  const browser = await startBrowser({ strict: true });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    // Where the Web UI keeps what is pasted into its settings, and that it goes before the cluster's.
    const pasted = { endpoint: `${endpoint}/${token}`, overrideRemoteCodecConfiguration: true };
    for (const [name, value] of Object.entries(pasted))
      await page.addInitScript(`localStorage.setItem('${name}', ${JSON.stringify(JSON.stringify(value))})`);
    await page.goto(`${ui}/namespaces/default/workflows/embed-samples`);
    await page.getByText(MARK).first().waitFor();
    expect(servers.at(-1)?.output()).not.toContain('Refused');
  } finally {
    await browser.close();
  }
});

it('does not begin without a key, nor with a token that can be guessed', async () => {
  const without = await scene.run(['codec-server']);
  expect(without).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: EMBEDDINGS_CODEC_KEY must be set/),
  });
  const weak = await scene.run(['codec-server', '--token', 'secret'], KEY);
  expect(weak).toMatchObject({ code: 2, stderr: expect.stringMatching(/--token must have 16 characters/) });
  const nowhere = await scene.run(['codec-server', '--web-ui', 'localhost'], KEY);
  expect(nowhere).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/write one like http:\/\/localhost:8233/),
  });
});
