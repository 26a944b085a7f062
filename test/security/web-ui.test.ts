import { existsSync, readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../../src/local/web-ui/origin-guard.js';
import { json, type Scene, setScene } from '../e2e/scene.js';
import type { Running } from '../support/cli.js';
import { listeningOf } from './sockets.js';

const PATH = '/api/v1/namespaces/default/workflows';
/** What a page would send to have everything bought again: `text/plain` asks no server for permission. */
const START = JSON.stringify({
  workflowType: { name: 'embedSamples' },
  taskQueue: { name: 'embed-samples' },
  requestId: 'evil',
  input: [],
});

let scene: Scene;
let dev: Running;
let state: { serverPid: number; ports: { grpc: number; ui: number } };

interface Answer {
  status: number;
  body: string;
  headers: IncomingHttpHeaders;
}

/** As a browser, or a program, would ask: any Host, any Origin. */
function ask(
  at: { host?: string; port: number },
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const asked = request({ host: '127.0.0.1', ...at, path, method, headers }, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

beforeAll(async () => {
  scene = await setScene(20);
  dev = scene.start(['dev']);
  await dev.says('A worker is up');
  state = JSON.parse(readFileSync(join(scene.path, '.embeddings', 'temporal.json'), 'utf8'));
});
afterAll(async () => {
  dev?.child.kill('SIGTERM');
  await dev?.done;
  await scene?.close();
});

describe('the Web UI of the embedded Temporal', () => {
  const ui = (): { port: number } => ({ port: state.ports.ui });

  it.each(['127.0.0.1', 'localhost', '[::1]'])('is there for a person who goes to %s', async (name) => {
    const page = await ask(ui(), '/namespaces/default/workflows', { host: `${name}:${state.ports.ui}` });
    expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
    const runs = await ask(ui(), PATH, { host: `${name}:8233`, 'sec-fetch-site': 'same-origin' });
    expect([runs.status, JSON.parse(runs.body)]).toEqual([200, expect.any(Object)]);
  });

  it.each(['evil.example', 'evil.example:8233', '127.0.0.1.evil.example', 'localhost.evil.example'])(
    'answers nobody who asks for %j, as a rebound name does',
    async (host) => {
      const { status, body } = await ask(ui(), PATH, { host });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(body).not.toContain('executions');
    },
  );

  it.each([
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:3000' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
  ] as Record<string, string>[])('does nothing for a page of another site: %j', async (headers) => {
    const host = `127.0.0.1:${state.ports.ui}`;
    const sent = { host, 'content-type': 'text/plain', ...headers };
    expect((await ask(ui(), `${PATH}/evil`, sent, START)).status).toBe(403);
  });
});

describe.skipIf(!existsSync('/proc/net/tcp'))("Temporal's HTTP API", () => {
  it('is closed on every port that the server has, for every name', async () => {
    const places = listeningOf(state.serverPid)
      .map(({ address }) => /^(.*):(\d+)$/.exec(address))
      .map((found) => ({ host: found?.[1] ?? '', port: Number(found?.[2]) }))
      .filter(({ host, port }) => host === '127.0.0.1' && port !== state.ports.grpc);
    expect(places.length).toBeGreaterThan(0);
    const started: string[] = [];
    for (const at of places)
      for (const host of [`127.0.0.1:${at.port}`, 'localhost', 'evil.example'])
        for (const path of [`${PATH}/evil`, `/namespaces/default/workflows/evil`]) {
          const headers = { host, origin: 'http://evil.example', 'content-type': 'text/plain' };
          const answer = await ask(at, path, headers, START).catch(() => null);
          if (answer !== null && answer.status < 400) started.push(`${host} ${path} ${answer.status}`);
        }
    expect(started).toEqual([]);
    // gRPC goes on: a run starts and ends.
    expect(json(await scene.run(['--all', '--json']))).toMatchObject({ state: 'completed', stored: 20 });
    const described = await scene.run(['status', '--json']);
    expect(json(described)).toMatchObject({ state: 'completed' });
  });
});

describe('the guard', () => {
  const host = 'localhost:8233';
  it.each([
    ['a program of this machine', { method: 'POST', headers: { host } }, true],
    ['a page of the Web UI', { method: 'POST', headers: { host, origin: 'http://localhost:8233' } }, true],
    [
      'a link in a mail',
      {
        headers: {
          host,
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
        },
      },
      true,
    ],
    [
      'a frame in a page',
      {
        headers: {
          host,
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'iframe',
        },
      },
      false,
    ],
    [
      'a form of another site',
      {
        method: 'POST',
        headers: {
          host,
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
        },
      },
      false,
    ],
    [
      'a page of another port',
      { headers: { host, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' } },
      false,
    ],
    ['no name at all', { headers: {} }, false],
    ['a name with a user', { headers: { host: 'localhost@evil.example' } }, false],
  ])('lets %s pass: %s', (_who, asked, passes) => {
    expect(refusal(asked as Parameters<typeof refusal>[0]) === null).toBe(passes);
  });
});
